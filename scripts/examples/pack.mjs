// npm run pack -- ../my-app   writes the packages as archives into the folder `parlance` of an application

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPackage, packages } from '../build-packages.mjs'

const root = join(import.meta.dirname, '../..')

/** Builds the packages and writes `client.tgz`, `react.tgz` and so on, which keep their names in other versions. */
export async function packInto(folder) {
  for (const path of packages) await buildPackage(path, join(root, path, 'dist'))
  const packed = mkdtempSync(join(tmpdir(), 'parlance-packed-'))
  try {
    const args = ['pack', '--silent', '--pack-destination', packed, ...packages.map((path) => `./${path}`)]
    const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' }
    if (spawnSync('npm', args, options).status !== 0) throw new Error('npm pack failed.')
    mkdirSync(folder, { recursive: true })
    const archives = readdirSync(packed).filter((file) => file.startsWith('parlance-'))
    for (const file of archives)
      copyFileSync(join(packed, file), join(folder, file.replace(/^parlance-(.+)-\d.*$/, '$1.tgz')))
  } finally {
    rmSync(packed, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2]
  if (!folder) {
    process.stderr.write('Usage: npm run pack -- ../my-app\n')
    process.exit(2)
  }
  await packInto(join(folder, 'parlance'))
  process.stdout.write(`Wrote the packages. Next, for example:

  cd ${folder}
  npm install ./parlance/client.tgz ./parlance/react.tgz
`)
}
