import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { Logger } from 'pino'
import { OperatorError } from '../operator-error.ts'
import { startEmbedded } from '../postgres/embedded.ts'
import { acquireDatabaseLock, applicationName, type DatabaseLock } from '../postgres/lock.ts'
import { refuseTransactionPooler } from '../postgres/pooler.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { checkAppliedMigrations } from './applied-migrations.ts'
import { keepDatabaseLock } from './database-lock.ts'
import { PrismaClient } from './generated/client.ts'
import { beginHistory, hasHistory } from './history.ts'
import { applyMigrations, readMigrations } from './migrate.ts'
import type { Outages } from './outages.ts'
import { openPool } from './pool.ts'
import { preparePooler } from './pooled/prepare.ts'
import type { StatementTimeouts } from './pooled/session-settings.ts'
import { poolSql, preparedName } from './sql.ts'

export interface DatabaseOptions {
  /** PostgreSQL with sessions. Undefined: the embedded PostgreSQL on `dataDir`. */
  url: string | undefined
  /** A pooler in front of it in transaction mode; undefined if there is none. */
  poolerUrl: string | undefined
  dataDir: string
  poolSize: number
  timeouts: StatementTimeouts
  /** Whether other servers may use the database at the same time; never for the embedded one. */
  shared: boolean
  log: Logger
  outages: Outages
  tracing: Tracing | null
  progress: (text: string) => void
}

export interface Database {
  pool: pg.Pool
  /** Separate connections for jobs, one of which listens for them. */
  jobPool: pg.Pool
  prisma: PrismaClient
  /** Version and address, for display. */
  description: string
  /** Resolves when another server may be using the database; this server must stop then. */
  lost: Promise<Error>
  close(): Promise<void>
}

/** Starts the embedded database or connects to DATABASE_URL, locks the database and applies migrations. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const cleanups: (() => Promise<void>)[] = []
  const close = async () => {
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup()
  }
  try {
    const connection = { ...(await reach(options, cleanups)), application_name: applicationName }
    const pooled = options.poolerUrl ? connectionTo(options.poolerUrl) : null
    if (options.url)
      await refuseTransactionPooler(connection, pooled ? 'DATABASE_DIRECT_URL' : 'DATABASE_URL')
    let history: string | null = null
    const isSame = async () => {
      const known = history
      return known === null || withClient(connection, (client) => hasHistory(poolSql(client), known))
    }
    const lock = await lockDatabase(connection, options, isSame)
    cleanups.push(lock.release)

    const version = await inspect(connection, options.log)
    options.progress('Applying migrations')
    const applied = await applyMigrations(connection, migrationsFolder)
    for (const name of applied) options.log.info({ migration: name }, 'migration applied')

    history = await withClient(connection, (client) => beginHistory(poolSql(client)))
    if (pooled) await withClient(connection, (client) => preparePooler(client, pooled, options.timeouts))
    const pool = openPool(pooled ?? connection, { ...options, isPooled: pooled !== null })
    cleanups.push(() => pool.end())
    const jobPool = openPool(connection, {
      ...options,
      isPooled: false,
      poolSize: jobPoolSize,
      tracing: null,
    })
    cleanups.push(() => jobPool.end())
    const prisma = prismaOf(pool)
    cleanups.push(() => prisma.$disconnect())
    return { pool, jobPool, prisma, description: describeDatabase(options, version), lost: lock.lost, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Connects beside running servers, for a command: without their lock, and only if the tables are those of this version.
 * Always PostgreSQL itself, never a pooler.
 */
export async function joinDatabase(
  connection: pg.PoolConfig,
  description: string,
  options: Pick<DatabaseOptions, 'poolSize' | 'timeouts' | 'log' | 'outages' | 'tracing'>,
): Promise<Database> {
  const named = { ...connection, application_name: applicationName }
  await withClient(named, async (client) => {
    const { migrationDirectories } = await readMigrations(migrationsFolder)
    const [pending] = await checkAppliedMigrations(poolSql(client), migrationDirectories)
    if (pending)
      throw new OperatorError(
        `The migration ${pending} is not applied to this database: run parlance migrate, or start a server of this version.`,
      )
    await beginHistory(poolSql(client))
  })
  const pool = openPool(named, { ...options, isPooled: false })
  const prisma = prismaOf(pool)
  return {
    pool,
    jobPool: pool,
    prisma,
    description,
    lost: new Promise(() => {}),
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

function prismaOf(pool: pg.Pool): PrismaClient {
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => preparedName(sql) })
  return new PrismaClient({ adapter })
}

/**
 * Only servers that share a Redis may share a database. The embedded database has one server and ends with its process,
 * so its lock is not taken again.
 */
async function lockDatabase(
  connection: pg.PoolConfig,
  { url, shared }: DatabaseOptions,
  isSame: () => Promise<boolean>,
): Promise<DatabaseLock> {
  if (!url) return acquireDatabaseLock(connection, lockPatience)
  return keepDatabaseLock(connection, lockPatience, shared ? 'SHARED' : 'EXCLUSIVE', isSame)
}

// A server that is stopping or was killed needs some time to release the lock.
const lockPatience = 3_000

export const migrationsFolder = join(import.meta.dirname, '../../../prisma/migrations')

/** How a server connects to the PostgreSQL, or the pooler, of a URL. */
export const connectionTo = (url: string): pg.PoolConfig => ({
  connectionString: url,
  connectionTimeoutMillis: 5_000,
})

async function reach(options: DatabaseOptions, cleanups: (() => Promise<void>)[]): Promise<pg.PoolConfig> {
  if (options.url) return connectionTo(options.url)
  const { dataDir, poolSize, progress } = options
  const server = await startEmbedded({ dataDir, maxConnections: poolSize + spareConnections, progress })
  cleanups.push(server.stop)
  return server.connection
}

const jobPoolSize = 6

// For the lock, migrations, jobs and operators.
const spareConnections = 20

async function inspect(connection: pg.ClientConfig, log: Logger): Promise<string> {
  return withClient(connection, async (client) => {
    const [settings] = await poolSql(client).query<Record<string, string>>(
      `select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('server_encoding') as encoding,
              current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
              current_setting('synchronous_commit') as synchronous_commit, pg_is_in_recovery()::text as standby`,
    )
    const { version = '0', encoding, standby, ...durability } = settings ?? {}
    if (Number.parseInt(version, 10) < 15)
      throw new OperatorError(`PostgreSQL 15 or newer is required; DATABASE_URL leads to ${version}.`)
    if (encoding !== 'UTF8')
      throw new OperatorError(`The database must have the encoding UTF8; it has ${encoding}.`)
    if (standby === 'true')
      throw new OperatorError(
        'DATABASE_URL leads to a standby, which takes no writes: set it to the primary, or promote the standby.',
      )
    const unsafe = Object.entries(durability).filter(([, value]) => value === 'off')
    for (const [setting] of unsafe)
      log.warn({ setting }, 'database setting is off, a crash may lose acknowledged messages')
    return version
  })
}

async function withClient<T>(
  connection: pg.ClientConfig,
  ask: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}

/** Address of a database without user and password, for display. */
export function describeDatabase(
  { url, poolerUrl, dataDir }: Pick<DatabaseOptions, 'url' | 'dataDir'> & { poolerUrl?: string | undefined },
  version = '',
): string {
  const product = `PostgreSQL ${version}`.trim()
  if (!url) return `embedded ${product} in ${dataDir}`
  return `${product} at ${addressOf(url)}${poolerUrl ? `, pooled at ${addressOf(poolerUrl)}` : ''}`
}

function addressOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url)
  return `${searchParams.get('host') ?? host}${pathname}`
}
