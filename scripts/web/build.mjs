// node scripts/web/build.mjs [folder]   builds the web app into `dist/web`, or into the given folder, unless it is there
// already, built from the same sources.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

const sourceFolders = ['web', 'packages/client/src', 'packages/vue/src']
// Whatever else the output depends on.
const buildFiles = [
  'scripts/web/build.mjs',
  'scripts/web/vite.config.ts',
  ...['vite', 'vue', '@vitejs/plugin-vue'].map((name) => `node_modules/${name}/package.json`),
]
const recordName = '.sources'

/** Changes with the content of every source, and of those in more folders. */
export function webSources(more = []) {
  const hash = createHash('sha256')
  const paths = [...sourceFolders, ...more].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  for (const path of [...buildFiles.map((file) => join(root, file)), ...paths.sort()])
    hash.update(`${path.slice(root.length)}\0`).update(existsSync(path) ? readFileSync(path) : '')
  return hash.digest('base64url')
}

/** Builds the app unless it is up to date. Returns whether it is there. A failed build is printed, and keeps the old one. */
export function buildWeb(folder = join(root, 'dist/web')) {
  if (!existsSync(join(root, 'web/index.html'))) return false
  const sources = webSources()
  const record = join(folder, recordName)
  if (existsSync(record) && readFileSync(record, 'utf8') === sources) return true
  // Beside its place, so that a running server never sees half of it.
  mkdirSync(dirname(folder), { recursive: true })
  const draft = mkdtempSync(join(dirname(folder), 'web-'))
  chmodSync(draft, 0o755)
  const config = join(root, 'scripts/web/vite.config.ts')
  const options = ['build', '--config', config, '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn']
  const { status, error } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), ...options],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NODE_ENV: 'production' },
    },
  )
  if (status !== 0) {
    process.stderr.write(`The web app could not be built${error ? `: ${error.message}` : '.'}\n`)
    rmSync(draft, { recursive: true, force: true })
    return existsSync(folder)
  }
  writeFileSync(join(draft, recordName), sources)
  replaceFolder(folder, draft)
  return true
}

/** Moves the old one away as a whole: another process may build the same at the same time, and must not lose half of it. */
function replaceFolder(folder, draft) {
  const old = `${draft}-old`
  moveIfThere(folder, old)
  try {
    renameSync(draft, folder)
  } catch (fault) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(folder)) throw fault
  }
  rmSync(old, { recursive: true, force: true })
}

function moveIfThere(from, to) {
  try {
    renameSync(from, to)
  } catch (fault) {
    if (fault.code !== 'ENOENT') throw fault
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!buildWeb(process.argv[2] && resolve(process.argv[2]))) process.exit(1)
}
