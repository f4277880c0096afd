import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../src/platform/postgres/embedded.ts'
import { connectionTo, readPostmaster } from '../src/platform/postgres/running.ts'
import type { Stoppable } from './run.ts'

/** The data of a run's servers: a folder or database of their own, removed afterwards. */
export interface Place {
  description: string
  dataDir: string
  env: Record<string, string>
  /** While a server runs: its database URL, and the database's process if it is embedded. */
  database(): Promise<{ connection: pg.ClientConfig; pid: number | null }>
  remove(): Promise<void>
}

export async function makePlace(databaseUrl: string | undefined): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parlance-bench-'))
  const removeFolder = () => rm(dataDir, { recursive: true, force: true })
  return databaseUrl ? givenPlace(databaseUrl, dataDir, removeFolder) : embeddedPlace(dataDir, removeFolder)
}

/** With room for the connections of several servers or of a floor, which the database of an embedded server lacks. */
export async function makeSharedPlace(databaseUrl: string | undefined): Promise<Place & Stoppable> {
  const place = await makePlace(databaseUrl)
  if (databaseUrl) return { ...place, stop: place.remove }
  const { connection, stop } = await startEmbedded({
    dataDir: place.dataDir,
    maxConnections: 200,
    progress: () => {},
  })
  const url = new URL(`postgresql://${connection.user}@localhost:${connection.port}/${connection.database}`)
  url.searchParams.set('host', connection.host)
  const remove = async () => {
    await stop()
    await place.remove()
  }
  return { ...place, env: { DATABASE_URL: url.href }, remove, stop: remove }
}

function embeddedPlace(dataDir: string, removeFolder: () => Promise<void>): Place {
  return {
    description: 'embedded PostgreSQL',
    dataDir,
    env: {},
    async database() {
      const postmaster = await readPostmaster(join(dataDir, 'postgres'))
      if (!postmaster) throw new Error('The embedded database is not running.')
      return { connection: connectionTo(postmaster), pid: postmaster.pid }
    },
    remove: removeFolder,
  }
}

async function givenPlace(url: string, dataDir: string, removeFolder: () => Promise<void>): Promise<Place> {
  const name = `parlance_bench_${randomBytes(4).toString('hex')}`
  await asAdmin(url, `create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return {
    description: 'the PostgreSQL of DATABASE_URL',
    dataDir,
    env: { DATABASE_URL: own.href },
    database: async () => ({ connection: { connectionString: own.href }, pid: await postmasterOf(url) }),
    async remove() {
      await asAdmin(url, `drop database if exists ${name} with (force)`)
      await removeFolder()
    },
  }
}

/** The process of a PostgreSQL on this machine, if its data folder can be read. */
async function postmasterOf(url: string): Promise<number | null> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ folder: string }>(
      "select current_setting('data_directory') as folder",
    )
    return (await readPostmaster(rows[0]?.folder ?? ''))?.pid ?? null
  } catch {
    return null
  } finally {
    await client.end()
  }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
