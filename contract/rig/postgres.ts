import type { NetConnectOpts } from 'node:net'
import pg from 'pg'
import { Cluster, debianEngine, type Engine, embeddedEngine } from '../../test/faults/database/cluster.ts'

/** A PostgreSQL of this run: a cluster of its own, or a database on the server of DATABASE_URL. */
export interface Postgres {
  name: string
  /** Where it listens now. */
  address(): NetConnectOpts
  /** The URL for a client behind this port of this machine. */
  url(port: number): string
  /** Ends every process of it at once; returns how to start it again. Null if it is not ours to end. */
  crash: (() => Promise<() => Promise<void>>) | null
  /** Makes transactions of new connections read only, as after a failover to a standby. */
  readOnly(on: boolean): Promise<void>
  stop(): Promise<void>
}

export const engines: Record<string, () => Promise<Engine | null>> = {
  embedded: embeddedEngine,
  debian: debianEngine,
}

/** A cluster of its own, by the programs of an engine. */
export async function ownPostgres(engine: Engine): Promise<Postgres> {
  const cluster = await Cluster.create(engine)
  return {
    ...givenPostgres(cluster.url),
    name: engine.name,
    async crash() {
      await cluster.crashes()
      return () => cluster.starts()
    },
    stop: () => cluster.remove(),
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
