// node scripts/example.mjs NAME   builds the packages and starts an example, beside a server of `npm start`

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const name = process.argv[2] ?? ''
const folder = join(root, 'examples', name)
if (!name || !existsSync(join(folder, 'package.json'))) {
  process.stderr.write(`Examples: ${readdirSync(join(root, 'examples')).join(', ')}\n`)
  process.exit(1)
}
const options = { stdio: 'inherit', shell: process.platform === 'win32' }
const built = spawnSync(process.execPath, [join(root, 'scripts/build-packages.mjs')], options)
const started = built.status === 0 ? spawnSync('npm', ['start'], { ...options, cwd: folder }) : built
process.exit(started.status ?? 1)
