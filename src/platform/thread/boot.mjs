// Runs a module in TypeScript in a thread: what the process itself was started with does not reach its threads.
import { workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

register()
await import(workerData)
