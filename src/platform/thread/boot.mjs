// Runs a TypeScript module in a thread; threads do not inherit the loader of the process.
import { workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

register()
await import(workerData)
