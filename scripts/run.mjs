// node scripts/run.mjs [file.ts …]   prepares the clone and runs a TypeScript file, built as JavaScript, in this process,
// so that signals reach the program itself.

import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { prepare } from './prepare.mjs'

reportSources()
prepare()
const [node, , file, ...rest] = process.argv
if (file) {
  const { cachedBuild } = await import('./build.mjs')
  const program = await cachedBuild(resolve(file)).catch(exitOnBuildErrors)
  if (file === 'src/main.ts' && ['serve', undefined].includes(rest[0])) await buildWebApp()
  process.argv = [node, program, ...rest]
  if (process.env.npm_lifecycle_event) stopWithParent()
  process.setSourceMapsEnabled(true)
  // As in the image: graphql-js checks types more slowly otherwise. Not before `prepare`, in which npm would omit packages.
  process.env.NODE_ENV ??= 'production'
  await import(pathToFileURL(program).href)
}

// `node --watch` sees only the built files itself. Reported first, so that it also restarts after a failed build.
function reportSources() {
  if (!process.env.WATCH_REPORT_DEPENDENCIES) return
  const sources = readdirSync('src', { recursive: true }).filter((path) => path.endsWith('.ts'))
  process.send?.({ 'watch:import': sources.map((path) => pathToFileURL(join('src', path)).href) })
}

/** The server also works without it, so that a fault in the app does not stop it. */
async function buildWebApp() {
  const { buildWeb } = await import('./web/build.mjs')
  try {
    buildWeb()
  } catch (error) {
    process.stderr.write(`The web app could not be built: ${error.message}\n`)
  }
}

// esbuild has printed them.
function exitOnBuildErrors(error) {
  if (!error.errors) throw error
  process.exit(1)
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
