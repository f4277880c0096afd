import { execFile } from 'node:child_process'
import { appendFile, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { findBinaries } from '../../../src/platform/postgres/binaries.ts'
import { type Identity, serverEnv, serverIdentity } from '../../../src/platform/postgres/identity.ts'
import { databaseUrl } from '../../setup/database-url.ts'
import { freePort } from '../../setup/free-port.ts'

const run = promisify(execFile)

/** A PostgreSQL cluster that a test can crash, copy and promote. */
export class Cluster {
  readonly #bin: string
  readonly #identity: Identity
  readonly #folder: string
  readonly #port: number

  private constructor(bin: string, identity: Identity, folder: string, port: number) {
    this.#bin = bin
    this.#identity = identity
    this.#folder = folder
    this.#port = port
  }

  static async create(engine: Engine): Promise<Cluster> {
    const cluster = await Cluster.#empty(engine.bin, engine.identity)
    const data = join(cluster.#folder, 'data')
    await cluster.#run(
      'initdb',
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    )
    await cluster.starts()
    await cluster.asAdmin('create database parlance')
    return cluster
  }

  /** Runs statements in another database than that of the server. */
  async asAdmin(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl(this.url, 'postgres') })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }

  static async #empty(bin: string, identity: Identity): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'parlance-cluster-'))
    if (identity.uid !== undefined) await chown(folder, identity.uid, identity.gid ?? identity.uid)
    return new Cluster(bin, identity, folder, await freePort())
  }

  get url(): string {
    return `postgresql://postgres@127.0.0.1:${this.#port}/parlance`
  }

  async starts(): Promise<void> {
    const settings = `-p ${this.#port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${this.#folder}`
    const log = join(this.#folder, 'log')
    await this.#control('start', '-w', '-l', log, '-o', `${settings} -c max_connections=60`)
  }

  async stops(): Promise<void> {
    await this.#control('stop', '-m', 'fast', '-w')
  }

  /** Stops as in a power failure: only durable data remains. */
  async crashes(): Promise<void> {
    await this.#control('stop', '-m', 'immediate', '-w')
  }

  async isPromoted(): Promise<void> {
    await this.#control('promote', '-w')
  }

  /** Copies the folder of a stopped cluster, as a backup or as a standby, which follows it when it streams. */
  async copy({ asStandby = false, streams = false } = {}): Promise<Cluster> {
    const copy = await Cluster.#empty(this.#bin, this.#identity)
    const data = join(copy.#folder, 'data')
    // For thousands of files fs.cp takes seconds of processor time, and it does not keep their owner.
    await run('cp', ['-a', join(this.#folder, 'data'), data])
    if (asStandby) await writeFile(join(data, 'standby.signal'), '')
    if (streams) {
      const source = `primary_conninfo = 'host=127.0.0.1 port=${this.#port} user=postgres'\n`
      await appendFile(join(data, 'postgresql.auto.conf'), source)
    }
    return copy
  }

  async remove(): Promise<void> {
    await this.crashes().catch(() => {})
    await rm(this.#folder, { recursive: true })
  }

  #control(command: string, ...args: string[]): Promise<unknown> {
    return this.#run('pg_ctl', command, '-s', '-D', join(this.#folder, 'data'), ...args)
  }

  #run(program: string, ...args: string[]): Promise<unknown> {
    const options = { ...this.#identity, cwd: this.#folder, env: serverEnv }
    return run(join(this.#bin, program), args, options)
  }
}

/** The programs of a PostgreSQL and the user that they run as. */
export interface Engine {
  name: string
  bin: string
  identity: Identity
}

export async function embeddedEngine(): Promise<Engine> {
  const identity = await serverIdentity('')
  return {
    name: 'the embedded PostgreSQL',
    bin: join((await findBinaries(identity)).folder, 'bin'),
    identity,
  }
}

/** The newest PostgreSQL of Debian's packages; null if none is installed. */
export async function debianEngine(): Promise<Engine | null> {
  const root = '/usr/lib/postgresql'
  const versions = await readdir(root).catch(() => [])
  const [newest] = versions.sort((one, other) => Number(other) - Number(one))
  if (!newest) return null
  const identity = await serverIdentity('')
  return { name: `PostgreSQL ${newest} of Debian`, bin: join(root, newest, 'bin'), identity }
}

/** Restores a dump of one cluster into another, or into the same one under another name. */
export async function restoresDump(engine: Engine, from: string, to: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-dump-'))
  const file = join(folder, 'dump')
  await mkdir(folder, { recursive: true })
  await run(join(engine.bin, 'pg_dump'), ['-Fc', '-f', file, from], { env: serverEnv })
  await run(join(engine.bin, 'pg_restore'), ['-d', to, file], { env: serverEnv })
  await rm(folder, { recursive: true })
}
