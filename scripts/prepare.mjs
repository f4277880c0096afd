// Prepares a clone to run TypeScript: installs packages and generates the Prisma client. Takes a few milliseconds when
// nothing is missing. Uses no recent syntax, so that an old Node can report its version.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export function prepare() {
  requireNode(20, 19)
  if (!packagesAreStale() && !clientIsStale()) return
  alone(() => {
    if (packagesAreStale()) {
      say('Installing packages')
      runNpm('ci', '--loglevel=error')
      enableHooks()
    }
    if (clientIsStale()) {
      say('Generating the database client')
      runModule('prisma/build/index.js', ['generate'], { quiet: true })
    }
  })
}

/** Two installations of one clone at the same time, such as of `npm start` and `npm run seed`, delete each other's files. */
function alone(work) {
  const lock = join(root, '.build/preparing')
  mkdirSync(dirname(lock), { recursive: true })
  let isWaiting = false
  while (!acquired(lock)) {
    const owner = Number(readText('.build/preparing'))
    if (owner && !isRunning(owner)) rmSync(lock, { force: true })
    else {
      if (!isWaiting) say(`Waiting for process ${owner}, which prepares this clone`)
      isWaiting = true
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  // A failure exits, and leaves the lock of a process that has ended.
  work()
  rmSync(lock)
}

function acquired(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function requireNode(major, minor) {
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number)
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return
  say(`Parlance needs Node ${major}.${minor} or newer. This is ${process.versions.node}.`)
  process.exit(1)
}

function packagesAreStale() {
  const wanted = readJson('package-lock.json').packages
  const installed = readJson('node_modules/.package-lock.json')?.packages ?? {}
  // Optional packages include those of other platforms, which npm does not install. Workspaces are in the clone already.
  return Object.entries(wanted).some(
    ([path, { version, optional, link }]) =>
      path.startsWith('node_modules/') &&
      !optional &&
      !link &&
      // An installation that was interrupted may leave the list without the folders.
      (installed[path]?.version !== version || !existsSync(join(root, path))),
  )
}

// What npm's own prepare script would do, which .npmrc switches off. Without git, or outside a clone, nothing happens.
function enableHooks() {
  if (existsSync(join(root, '.git')))
    spawnSync('git', ['config', 'core.hooksPath', '.githooks'], { cwd: root, stdio: 'ignore' })
}

// The generated client contains the formatted schema and the version that it was generated from.
function clientIsStale() {
  const withoutSpace = (text) => text.replace(/\\n|\s/g, '')
  const generated = withoutSpace(readText('src/platform/db/generated/internal/class.ts'))
  const { version } = readJson('node_modules/prisma/package.json')
  return (
    !generated.includes(withoutSpace(JSON.stringify(readText('prisma/schema.prisma')))) ||
    !generated.includes(`"clientVersion":"${version}"`)
  )
}

/** Generates the typed operations of the tests, if one of them or the schema is newer. */
export function prepareDocuments() {
  const generated = modified('test/generated/graphql.ts')
  const sources = ['schema.graphql', 'codegen.ts', ...filesIn('test'), ...filesIn('bench')]
  if (sources.every((path) => modified(path) <= generated)) return
  say('Generating typed operations')
  runModule('@graphql-codegen/cli/esm/bin.js', ['--config', 'codegen.ts'], { quiet: true })
}

function filesIn(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true })
    .filter((path) => path.endsWith('.ts') && !/^(generated|codegen)\b/.test(path))
    .map((path) => join(folder, path))
}

function modified(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

export function runModule(path, args, options) {
  run(process.execPath, [join(root, 'node_modules', path), ...args], options)
}

function runNpm(...args) {
  // npm passes its own path to scripts; otherwise the PATH has it.
  const cli = process.env.npm_execpath
  if (cli) run(process.execPath, [cli, ...args])
  else run('npm', args, { shell: process.platform === 'win32' })
}

function run(command, args, { quiet = false, shell = false, stdin = 'ignore' } = {}) {
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  const stdio = [stdin, quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit']
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, env, shell, stdio })
  if (status === 0) return
  if (quiet) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  say(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : '.'}`)
  process.exit(1)
}

function readText(path) {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : ''
}

function readJson(path) {
  const text = readText(path)
  return text ? JSON.parse(text) : undefined
}

function say(text) {
  process.stdout.write(`${text}\n`)
}
