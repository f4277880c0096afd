import { access } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Config } from '../../config.ts'
import { connectionTo, describeDatabase } from '../../platform/db/database.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { startEmbedded } from '../../platform/postgres/embedded.ts'
import {
  acquireDatabaseLock,
  applicationName,
  DatabaseInUseError,
  explainUnreachable,
} from '../../platform/postgres/lock.ts'
import { connectionToRunning } from '../../platform/postgres/running.ts'

/** The database of a command. */
export interface Database {
  connection: pg.ClientConfig
  description: string
  close(): Promise<void>
}

type Progress = (text: string) => void

/**
 * Reaches the configured database, beside running servers. The embedded one is that of the running server; without a
 * server it is started until `close`.
 */
export async function reachDatabase(config: Config, progress: Progress): Promise<Database> {
  if (config.databaseUrl) return reachUrl(config.databaseUrl)
  const running = await connectionToRunning(config.dataDir)
  if (running) return { connection: running, description: descriptionOf(config), close: async () => {} }
  return reachAlone(config, progress)
}

/** Reaches the configured database and keeps all servers off it until `close`. */
export async function reachAlone(
  config: Config,
  progress: Progress,
  { mayCreate = false } = {},
): Promise<Database> {
  if (config.databaseUrl) return locked(reachUrl(config.databaseUrl))
  const { dataDir } = config
  if (!mayCreate) await requireCluster(dataDir)
  // Stopped by a signal, the process must stop the database, which happens when it exits.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1))
  const server = await startEmbedded({ dataDir, maxConnections: 20, progress })
  const description = descriptionOf(config)
  return locked({ connection: server.connection, description, close: server.stop })
}

const requireCluster = (dataDir: string) =>
  access(join(dataDir, 'postgres')).catch(() => {
    throw new OperatorError(`There is no database in ${dataDir}: set DATABASE_URL or DATA_DIR.`)
  })

export const reachUrl = (url: string): Database => ({
  connection: connectionTo(url),
  description: describeDatabase({ url, dataDir: '' }),
  close: async () => {},
})

const descriptionOf = ({ dataDir }: Config) => describeDatabase({ url: undefined, dataDir })

const lockPatience = 3_000

/** Locks a database for this process. */
export async function locked(database: Database): Promise<Database> {
  const lock = await acquireDatabaseLock(database.connection, lockPatience).catch(async (error: unknown) => {
    await database.close()
    if (error instanceof DatabaseInUseError)
      throw new OperatorError(`A server uses ${database.description} (${error.holder}): stop it first.`)
    throw error
  })
  return {
    ...database,
    async close() {
      await lock.release()
      await database.close()
    },
  }
}

// A dump takes long, and its text must not depend on settings of the role or the database.
const sessionSettings = `
  set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0;
  set idle_session_timeout = 0; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres';
  set bytea_output = 'hex'; set extra_float_digits = 1; set row_security = off`

/** Runs `use` on a connection of its own. */
export async function withClient<Result>(
  { connection }: Pick<Database, 'connection'>,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ ...connection, application_name: applicationName })
  // Queries report a broken connection themselves.
  client.on('error', () => {})
  await client.connect().catch(explainUnreachable)
  try {
    await client.query(sessionSettings)
    return await use(client)
  } finally {
    await client.end().catch(() => {})
  }
}
