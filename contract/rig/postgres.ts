import { mkdtemp, rm } from 'node:fs/promises'
import type { NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type EmbeddedServer, startEmbedded } from '../../src/platform/postgres/embedded.ts'
import { readPostmaster } from '../../src/platform/postgres/running.ts'

/** A PostgreSQL of this run: the embedded one, or a database on the server of DATABASE_URL. */
export interface Postgres {
  name: string
  /** Where it listens now. */
  address(): NetConnectOpts
  /** The URL for a client behind this port of this machine. */
  url(port: number): string
  /** Ends every process of it without a word, and starts it again; null if it is not ours to end. */
  crash: (() => Promise<() => Promise<void>>) | null
  /** Makes transactions of new connections read only, as after a failover to a standby. */
  readOnly(on: boolean): Promise<void>
  stop(): Promise<void>
}

export async function embeddedPostgres(): Promise<Postgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parlance-contract-'))
  const options = { dataDir, maxConnections: 100, progress: () => {} }
  let server: EmbeddedServer = await startEmbedded(options)
  return {
    name: 'embedded PostgreSQL',
    address: () => ({ path: `${server.connection.host}/.s.PGSQL.${server.connection.port}` }),
    url: (port) => `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async crash() {
      const postmaster = await readPostmaster(join(dataDir, 'postgres'))
      if (postmaster) process.kill(postmaster.pid, 'SIGQUIT')
      await server.stop()
      return async () => {
        server = await startEmbedded(options)
      }
    },
    readOnly: (on) => setReadOnly(server.connection, on),
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The database must be empty: the run writes into it. */
export function givenPostgres(given: string): Postgres {
  const target = new URL(given)
  const port = Number(target.port || 5432)
  const socketFolder = target.searchParams.get('host')
  return {
    name: 'the PostgreSQL of DATABASE_URL',
    address: () =>
      socketFolder ? { path: `${socketFolder}/.s.PGSQL.${port}` } : { host: target.hostname, port },
    url(proxyPort) {
      const url = new URL(given)
      url.searchParams.delete('host')
      url.host = `127.0.0.1:${proxyPort}`
      return url.href
    },
    crash: null,
    readOnly: (on) => setReadOnly({ connectionString: given }, on),
    stop: async () => {},
  }
}

async function setReadOnly(connection: pg.ClientConfig, on: boolean): Promise<void> {
  const client = new pg.Client({ ...connection, options: '-c default_transaction_read_only=off' })
  await client.connect()
  try {
    const database = client.escapeIdentifier(client.database ?? 'postgres')
    await client.query(`alter database ${database} set default_transaction_read_only = ${on ? 'on' : 'off'}`)
  } finally {
    await client.end()
  }
}
