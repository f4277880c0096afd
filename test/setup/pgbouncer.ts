import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished, vi } from 'vitest'
import { freePort } from './free-port.ts'

export const hasPgbouncer = (): boolean => spawnSync('pgbouncer', ['--version']).status === 0

/** Starts PgBouncer in front of a database, with the settings of its package; returns the URL through it. */
export async function startPgbouncer(databaseUrl: string, mode: 'session' | 'transaction'): Promise<string> {
  const target = new URL(databaseUrl)
  const folder = await mkdtemp(join(tmpdir(), 'parlance-pgbouncer-'))
  await chmod(folder, 0o755)
  const port = await freePort()
  const socketFolder = target.searchParams.get('host')
  const parts = {
    ...(socketFolder
      ? await bridge(`${socketFolder}/.s.PGSQL.${target.port || 5432}`)
      : { host: decodeURIComponent(target.hostname), port: target.port || '5432' }),
    dbname: target.pathname.slice(1),
    user: decodeURIComponent(target.username) || 'postgres',
    password: decodeURIComponent(target.password),
  }
  const database = Object.entries(parts).flatMap(([name, value]) => (value ? [`${name}='${value}'`] : []))
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
pooled = ${database.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 40
`,
  )
  // PgBouncer refuses to run as root.
  const identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const child = spawn('pgbouncer', [join(folder, 'pgbouncer.ini')], {
    ...identity,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk
  })
  onTestFinished(() => stop(child, folder))
  const url = `postgresql://pooled@127.0.0.1:${port}/pooled`
  await vi.waitFor(async () => {
    if (child.exitCode !== null) throw new Error(log)
    await answers(url)
  }, 10_000)
  return url
}

/** Carries TCP connections to a Unix socket that only the user of the tests can open. */
async function bridge(socket: string): Promise<{ host: string; port: string }> {
  const server = createServer((client) => {
    const database = connect(socket)
    client.on('error', () => database.destroy()).pipe(database)
    database.on('error', () => client.destroy()).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { host: '127.0.0.1', port: String((server.address() as AddressInfo).port) }
}

async function answers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.end()
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = once(child, 'exit')
  if (child.exitCode === null && child.kill('SIGTERM')) await ended
  await rm(folder, { recursive: true, force: true })
}
