import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { OperatorError } from '../operator-error.ts'

// "parlance" in ASCII, as the two halves that pg_locks shows.
const key = [0x7061726c, 0x616e6365] as const

/** EXCLUSIVE keeps every other server out, SHARED only those that claim the database for themselves. */
export type LockMode = 'EXCLUSIVE' | 'SHARED'

/** The database is another's. */
export class DatabaseInUseError extends OperatorError {
  override name = 'DatabaseInUseError'
  /** It is our own former connection, which the database has yet to notice is dead. */
  readonly isOwn: boolean

  constructor(holder: string) {
    super(`Another server (${holder}) uses this database; several need a REDIS_URL, each the same.`)
    this.isOwn = holder === spoken(applicationName)
  }
}

/** A server's claim to its database. */
export interface DatabaseLock {
  /** Resolves when the claim is no longer certain. Whoever holds it must stop then. */
  lost: Promise<Error>
  release(): Promise<void>
}

// A container that is started again has the same host name and process id.
const start = randomBytes(3).toString('hex')

/** Names this process to PostgreSQL, on each of its connections; no other process, before or after it, has this name. */
export const applicationName = `parlance ${process.pid}.${start} on ${hostname()}`.slice(0, 63)

/** Claims the database, or throws after `patience` when another server still has it. */
export async function acquireDatabaseLock(
  connection: pg.ClientConfig,
  patience: number,
  mode: LockMode = 'EXCLUSIVE',
): Promise<DatabaseLock> {
  const client = new pg.Client({ ...connection, application_name: applicationName, keepAlive: true })
  let lose: (error: Error) => void = () => {}
  const lost = new Promise<Error>((resolve) => {
    lose = resolve
  })
  const ended = () => lose(new Error('The connection that holds the server lock has closed.'))
  client.on('error', lose)
  client.on('end', ended)
  try {
    await client.connect().catch(explain)
    await client.query(longLived)
    await claim(client, patience, mode)
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }

  const stopWatching = watch(client, lose)
  return {
    lost,
    release: async () => {
      stopWatching()
      client.removeListener('end', ended)
      await client.end().catch(() => {})
    },
  }
}

function explain(error: NodeJS.ErrnoException): never {
  throw new OperatorError(`The database cannot be reached: ${error.message || error.code}`)
}

// The connection is idle for ever, and the database should notice within seconds when its machine is gone.
const longLived = `set idle_session_timeout = 0; set statement_timeout = 0; set tcp_keepalives_idle = 5;
  set tcp_keepalives_interval = 5; set tcp_keepalives_count = 2`

async function claim(client: pg.Client, patience: number, mode: LockMode): Promise<void> {
  const deadline = Date.now() + patience
  while (!(await tryDatabaseLock(client, mode))) {
    if (Date.now() > deadline) throw new DatabaseInUseError(await holderOf(client))
    await pause(100)
  }
}

export async function tryDatabaseLock(client: pg.Client, mode: LockMode = 'EXCLUSIVE'): Promise<boolean> {
  const tryLock = mode === 'SHARED' ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock'
  const { rows } = await client.query<{ held: boolean }>(`select ${tryLock}($1::int8) as held`, [
    String((BigInt(key[0]) << 32n) | BigInt(key[1])),
  ])
  return rows[0]?.held ?? false
}

/** Which process holds the lock, in the words that its connection carries. */
export async function holderOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and (l.classid, l.objid, l.objsubid) = ($1, $2, 1)
        and l.database = (select oid from pg_database where datname = current_database())`,
    [...key],
  )
  return rows[0] ? spoken(rows[0].name) : 'which has just ended'
}

const spoken = (name: string) => name.replace(/^parlance (\d+)\.\w+/, 'process $1')

// A connection can die without a word; an unanswered question tells.
function watch(client: pg.Client, lose: (error: Error) => void): () => void {
  const timer = setInterval(() => {
    const giveUp = setTimeout(() => lose(new Error('The database does not answer.')), 4_000)
    client.query('select').then(
      () => clearTimeout(giveUp),
      () => clearTimeout(giveUp),
    )
  }, 5_000)
  return () => clearInterval(timer)
}
