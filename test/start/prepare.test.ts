import { spawn, spawnSync } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../setup/server-process.ts'
import { eventually } from '../world/eventually.ts'

const lockfile = JSON.stringify({ packages: { 'node_modules/prisma': { version: '1.0.0' } } })

/** A clone in which npm is a script that installs a Prisma of four lines, and counts its calls. */
async function smallClone(): Promise<string> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'scripts'))
  await cp(join(import.meta.dirname, '../../scripts/prepare.mjs'), join(folder, 'scripts/prepare.mjs'))
  const files = {
    'package-lock.json': lockfile,
    'prisma/schema.prisma': 'schema',
    'scripts/prepared.mjs': `import { prepare } from './prepare.mjs'\nprepare()`,
    'npm.cjs': `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs')
appendFileSync('calls', 'install ')
mkdirSync('node_modules/prisma/build', { recursive: true })
mkdirSync('src/platform/db/generated/internal', { recursive: true })
writeFileSync('node_modules/prisma/package.json', '{ "version": "1.0.0" }')
const client = JSON.stringify(JSON.stringify('schema') + ' "clientVersion":"1.0.0"')
writeFileSync('node_modules/prisma/build/index.js',
  "require('node:fs').writeFileSync('src/platform/db/generated/internal/class.ts', " + client + ')')
writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(lockfile)})`,
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

const prepares = (cwd: string) => {
  const child = spawn(process.execPath, ['scripts/prepared.mjs'], {
    cwd,
    env: { npm_execpath: join(cwd, 'npm.cjs') },
  })
  let output = ''
  child.stdout.on('data', (data) => {
    output += data
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  return { ended, output: () => output }
}

test('a clone is prepared by one process at a time, again when packages are missing', async () => {
  const folder = await smallClone()
  const lock = join(folder, '.build/preparing')
  const calls = () => readFile(join(folder, 'calls'), 'utf8')
  await mkdir(join(folder, '.build'))
  await writeFile(lock, String(process.pid))
  const second = prepares(folder)
  await eventually(() => expect(second.output()).toContain(`Waiting for process ${process.pid}`))
  await expect(calls()).rejects.toThrow('ENOENT')
  await rm(lock)
  expect([await second.ended, await calls()]).toEqual([0, 'install '])
  expect([await prepares(folder).ended, await calls()], 'nothing is missing').toEqual([0, 'install '])

  // As an installation that was interrupted leaves it.
  await rm(join(folder, 'node_modules/prisma'), { recursive: true })
  await writeFile(lock, String(spawnSync('true').pid))
  expect([await prepares(folder).ended, await calls()]).toEqual([0, 'install install '])
})
