import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { processorTimeOfFamily } from '../processor-time.ts'
import type { Cost } from '../server.ts'

/** ejabberd of Debian, with archive and offline store in PostgreSQL, as it is usually run. */
export interface Ejabberd {
  url: string
  cost(): Promise<Pick<Cost, 'server'>>
  stop(): Promise<void>
}

const tables = '/usr/share/ejabberd/sql/pg.sql'
const port = 17_522
const patienceMs = 60_000

/** Starts it on a new database, with the users `u0` … and the password `p`. */
export async function startEjabberd(databaseUrl: string, users: number): Promise<Ejabberd> {
  if (!existsSync(tables)) throw new Error('ejabberd is missing: apt-get install ejabberd erlang-p1-pgsql')
  const folder = await mkdtemp(join(tmpdir(), 'parlance-ejabberd-'))
  const database = new URL(databaseUrl)
  await fill(databaseUrl, users)
  await writeFile(join(folder, 'ejabberd.yml'), configFor(database))
  await mkdir(join(folder, 'spool'))
  const child = spawn(
    'erl',
    [
      '+K',
      'true',
      '+P',
      '250000',
      '-noinput',
      '-mnesia',
      'dir',
      `"${join(folder, 'spool')}"`,
      '-s',
      'ejabberd',
    ],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        ERL_LIBS: await librariesFolder(),
        EJABBERD_CONFIG_PATH: join(folder, 'ejabberd.yml'),
        EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
      },
      stdio: 'ignore',
    },
  )
  await listening(child)
  return {
    url: `tcp://127.0.0.1:${port}`,
    cost: async () => ({ server: processorTimeOfFamily(child.pid ?? null) ?? 0 }),
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      await asAdmin(databaseUrl, 'drop database if exists parlance_bench_ejabberd with (force)')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function fill(databaseUrl: string, users: number): Promise<void> {
  await asAdmin(databaseUrl, 'drop database if exists parlance_bench_ejabberd with (force)')
  await asAdmin(databaseUrl, 'create database parlance_bench_ejabberd')
  const own = new URL(databaseUrl)
  own.pathname = '/parlance_bench_ejabberd'
  await asAdmin(own.href, await readFile(tables, 'utf8'))
  await asAdmin(
    own.href,
    `insert into users (username, password) select 'u' || n, 'p' from generate_series(0, ${users - 1}) n`,
  )
}

async function asAdmin(url: string, statements: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statements)
  } finally {
    await client.end()
  }
}

/** The folder of Debian's Erlang libraries, whose name has the architecture. */
async function librariesFolder(): Promise<string> {
  for (const name of await readdir('/usr/lib')) {
    const libraries = await readdir(join('/usr/lib', name)).catch(() => [])
    if (libraries.some((library) => library.startsWith('ejabberd-'))) return join('/usr/lib', name)
  }
  throw new Error('The libraries of ejabberd are missing.')
}

async function listening(child: ChildProcess): Promise<void> {
  for (const until = performance.now() + patienceMs; performance.now() < until; await pause(200)) {
    if (child.exitCode !== null) throw new Error(`ejabberd ended (${child.exitCode}).`)
    const socket = connect({ host: '127.0.0.1', port })
    const isUp = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).then(
      () => socket.readyState === 'open',
      () => false,
    )
    socket.destroy()
    if (isUp) return
  }
  throw new Error('ejabberd did not start.')
}

const configFor = ({ hostname, port: databasePort, username, password }: URL) => `
hosts: [localhost]
loglevel: warning
listen:
  - { port: ${port}, ip: "127.0.0.1", backlog: 1024, module: ejabberd_c2s, max_stanza_size: 262144, shaper: none, access: all, starttls: false }
sql_type: pgsql
sql_server: "${hostname}"
sql_port: ${databasePort || 5432}
sql_database: parlance_bench_ejabberd
sql_username: "${decodeURIComponent(username)}"
sql_password: "${decodeURIComponent(password) || 'none'}"
sql_pool_size: 10
auth_method: [sql]
auth_password_format: plain
default_db: sql
modules:
  mod_roster: {}
  mod_disco: {}
  mod_offline: {}
  mod_stream_mgmt: { resend_on_timeout: if_offline }
  mod_mam: { db_type: sql, assume_mam_usage: true, default: always, compress_xml: false }
`
