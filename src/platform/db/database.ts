import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { Logger } from 'pino'
import { OperatorError } from '../operator-error.ts'
import { startEmbedded } from '../postgres/embedded.ts'
import { acquireDatabaseLock, applicationName, type DatabaseLock } from '../postgres/lock.ts'
import { keepDatabaseLock } from './database-lock.ts'
import { PrismaClient } from './generated/client.ts'
import { beginHistory, hasHistory } from './history.ts'
import { applyMigrations } from './migrate.ts'
import { poolSql, type Sql } from './sql.ts'

export interface DatabaseOptions {
  /** A PostgreSQL of one's own. Without it, an embedded one serves from `dataDir`. */
  url: string | undefined
  dataDir: string
  poolSize: number
  /** Other servers may use a database of one's own at the same time. */
  shared: boolean
  log: Logger
  progress: (text: string) => void
}

export interface Database {
  pool: pg.Pool
  /** A few connections for jobs alone, of which one listens for them. */
  jobPool: pg.Pool
  prisma: PrismaClient
  /** What serves, for people to read. */
  description: string
  /** Resolves when the database may be in hands that do not know of this server, which must stop then. */
  lost: Promise<Error>
  close(): Promise<void>
}

/** Starts or reaches the database, claims it, brings it up to date and connects to it. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const cleanups: (() => Promise<void>)[] = []
  const close = async () => {
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup()
  }
  try {
    const connection = await reach(options, cleanups)
    let history: string | null = null
    const isOurs = async () => {
      const known = history
      return known === null || withClient(connection, (sql) => hasHistory(sql, known))
    }
    const lock = await claim(connection, options, isOurs)
    cleanups.push(lock.release)

    const version = await inspect(connection, options.log)
    options.progress('Bringing the tables up to date')
    const applied = await applyMigrations(connection, migrationsFolder)
    for (const name of applied) options.log.info({ migration: name }, 'migration applied')

    history = await withClient(connection, beginHistory)
    const pool = openPool(connection, options)
    cleanups.push(() => pool.end())
    const jobPool = openPool(connection, { ...options, poolSize: jobPoolSize })
    cleanups.push(() => jobPool.end())
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
    cleanups.push(() => prisma.$disconnect())
    return { pool, jobPool, prisma, description: describe(version, options), lost: lock.lost, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Several servers are one by a bus between them; the database of a folder belongs to one in any case, and is gone for
 * good when its process is.
 */
async function claim(
  connection: pg.PoolConfig,
  { url, shared }: DatabaseOptions,
  isOurs: () => Promise<boolean>,
): Promise<DatabaseLock> {
  if (!url) return acquireDatabaseLock(connection, lockPatience)
  return keepDatabaseLock(connection, lockPatience, shared ? 'SHARED' : 'EXCLUSIVE', isOurs)
}

// A server that was just told to stop, or killed, needs a moment to let go.
const lockPatience = 3_000

const migrationsFolder = join(import.meta.dirname, '../../../prisma/migrations')

async function reach(options: DatabaseOptions, cleanups: (() => Promise<void>)[]): Promise<pg.PoolConfig> {
  if (options.url) return { connectionString: options.url, connectionTimeoutMillis: 5_000 }
  const { dataDir, poolSize, progress } = options
  const server = await startEmbedded({ dataDir, maxConnections: poolSize + spareConnections, progress })
  cleanups.push(server.stop)
  return server.connection
}

const jobPoolSize = 6

// For the lock, migrations, jobs, and an operator with a question.
const spareConnections = 20

async function inspect(connection: pg.ClientConfig, log: Logger): Promise<string> {
  return withClient(connection, async (sql) => {
    const [settings] = await sql.query<Record<string, string>>(
      `select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('server_encoding') as encoding,
              current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
              current_setting('synchronous_commit') as synchronous_commit`,
    )
    const { version = '0', encoding, ...durability } = settings ?? {}
    if (Number.parseInt(version, 10) < 15)
      throw new OperatorError(`PostgreSQL 15 or newer is needed; this is ${version}.`)
    if (encoding !== 'UTF8')
      throw new OperatorError(`The database must be encoded in UTF8; this one is in ${encoding}.`)
    const unsafe = Object.entries(durability).filter(([, value]) => value === 'off')
    for (const [setting] of unsafe)
      log.warn({ setting }, 'this database may lose acknowledged messages when it crashes: a safety is off')
    return version
  })
}

async function withClient<T>(connection: pg.ClientConfig, ask: (sql: Sql) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await ask(poolSql(client))
  } finally {
    await client.end()
  }
}

function openPool(connection: pg.PoolConfig, { poolSize, log }: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    application_name: applicationName,
    statement_timeout: 5_000,
    // For a database that has gone silent and ends no statement itself.
    query_timeout: 6_000,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    // No statement here runs for as long as it takes to compile one.
    options: '-c TimeZone=UTC -c jit=off',
    types: { getTypeParser },
  })
  // Unheard, the error of a connection that breaks would end the process. Whoever uses one is told by their query.
  pool.on('connect', (client) => client.on('error', () => {}))
  // One that breaks while nobody uses it is replaced.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  return pool
}

const int8 = 20

// Every count and number here stays far below 2^53. Prisma brings parsers of its own.
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)

function describe(version: string, { url, dataDir }: DatabaseOptions): string {
  if (!url) return `embedded PostgreSQL ${version} in ${dataDir}`
  const { host, pathname, searchParams } = new URL(url)
  return `PostgreSQL ${version} at ${searchParams.get('host') ?? host}${pathname}`
}
