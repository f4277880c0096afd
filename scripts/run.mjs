// node scripts/run.mjs [file.ts …]   prepares the clone and runs a TypeScript file in this very process, so that
// a signal or a kill meets the program itself.

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { prepare } from './prepare.mjs'

prepare()
const [node, , file, ...rest] = process.argv
if (file) {
  const entry = resolve(file)
  process.argv = [node, entry, ...rest]
  const { register } = await import('tsx/esm/api')
  register()
  await import(pathToFileURL(entry).href)
}
