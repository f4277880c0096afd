import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import vm from 'node:vm'

/** Runs a bundled program as if it were the built one, with the compiled code of the first server that has ended. */
export function launch({ program, script: filename }) {
  const cache = `${filename}.${process.arch}.cache`
  const cachedData = read(cache)
  const parameters = ['require', '__url', '__filename', '__dirname', 'exports', 'module']
  const script = new vm.Script(`(function (${parameters}) {${readFileSync(filename, 'utf8')}\n})`, {
    filename,
    cachedData,
  })
  const module = { exports: {} }
  const places = [createRequire(program), pathToFileURL(program).href, program, dirname(program)]
  script.runInThisContext()(...places, module.exports, module)
  const isServer = process.argv.length === 2
  if (isServer && !cachedData) process.once('exit', () => write(cache, script.createCachedData()))
}

function read(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Without it, the next process compiles again. */
function write(file, data) {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, data)
    renameSync(draft, file)
  } catch {
    // The user of this server may not write here.
  }
}
