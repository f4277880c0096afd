// node scripts/run.mjs [file.ts …]   prepares the clone and runs a TypeScript file in this process, so that signals
// reach the program itself.

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { prepare } from './prepare.mjs'

prepare()
const [node, , file, ...rest] = process.argv
if (file) {
  const entry = resolve(file)
  process.argv = [node, entry, ...rest]
  if (process.env.npm_lifecycle_event) stopWithParent()
  const { register } = await import('tsx/esm/api')
  register()
  await import(pathToFileURL(entry).href)
}

// Killing npm must end the program, which would otherwise keep running.
function stopWithParent() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  timer.unref()
}
