// npm run create -- ../my-chat --template react   creates an application that has the packages of this clone as archives

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packInto } from './pack.mjs'

const archives = mkdtempSync(join(tmpdir(), 'parlance-archives-'))
try {
  await packInto(archives)
  const program = join(import.meta.dirname, '../../packages/create-parlance/dist/main.js')
  const args = [program, '--packages', archives, ...process.argv.slice(2)]
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1
} finally {
  rmSync(archives, { recursive: true })
}
