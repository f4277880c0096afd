import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished, vi } from 'vitest'
import { freePort } from './free-port.ts'

export const hasPgbouncer = (): boolean => spawnSync('pgbouncer', ['--version']).status === 0

type Mode = 'session' | 'transaction'

/** Starts PgBouncer in front of a database for one test; returns the URL through it. */
export async function startPgbouncer(databaseUrl: string, mode: Mode): Promise<string> {
  const { url, stop } = await runPgbouncer(databaseUrl, mode)
  onTestFinished(stop)
  return url
}

/** Starts PgBouncer in front of a database, with the settings of its package. */
export async function runPgbouncer(databaseUrl: string, mode: Mode, poolSize = 40) {
  const target = new URL(databaseUrl)
  const folder = await mkdtemp(join(tmpdir(), 'parlance-pgbouncer-'))
  await chmod(folder, 0o755)
  const port = await freePort()
  const socketFolder = target.searchParams.get('host')
  const bridged = socketFolder ? await bridge(`${socketFolder}/.s.PGSQL.${target.port || 5432}`) : null
  const parts = {
    host: bridged?.host ?? decodeURIComponent(target.hostname),
    port: bridged?.port ?? (target.port || '5432'),
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
default_pool_size = ${poolSize}
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
  const stop = async () => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGTERM')) await ended
    bridged?.close()
    await rm(folder, { recursive: true, force: true })
  }
  const url = `postgresql://pooled@127.0.0.1:${port}/pooled`
  await vi.waitFor(async () => {
    if (child.exitCode !== null) throw new Error(log)
    await answers(url)
  }, 10_000)
  return { url, stop }
}

/** Carries TCP connections to a Unix socket that only the user of the tests can open. */
async function bridge(socket: string) {
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const database = connect(socket)
    for (const each of [client, database]) open.add(each.on('close', () => open.delete(each)))
    client.on('error', () => database.destroy()).pipe(database)
    database.on('error', () => client.destroy()).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    for (const each of open) each.destroy()
  }
  return { host: '127.0.0.1', port: String(port), close }
}

async function answers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.end()
}
