import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { instance } from '../instance.ts'
import { OperatorError } from '../operator-error.ts'
import { startPatience } from '../time/patience.ts'

// "parlance" in ASCII, as the two halves that pg_locks shows.
const key = [0x7061726c, 0x616e6365] as const

/** EXCLUSIVE refuses every other server, SHARED only exclusive ones. */
export type LockMode = 'EXCLUSIVE' | 'SHARED'

/** Another server has locked the database. */
export class DatabaseInUseError extends OperatorError {
  override name = 'DatabaseInUseError'
  /** The lock belongs to a former connection of this process that PostgreSQL still considers alive. */
  readonly isOwn: boolean
  readonly holder: string

  constructor(holder: string) {
    super(
      `Another server (${holder}) uses this database. To run several servers, set the same REDIS_URL on each.`,
    )
    this.holder = holder
    this.isOwn = holder === describeName(applicationName)
  }
}

/** The lock of a server on its database. */
export interface DatabaseLock {
  /** Resolves when the lock may be lost; the server must stop then. */
  lost: Promise<Error>
  release(): Promise<void>
}

/** What the names of all servers begin with. */
export const applicationPrefix = 'parlance '

/** What precedes the name of a process on its connections through a pooler, which keep the name when it has ended. */
export const pooledPrefix = 'pooled '

const nameMax = 63 - pooledPrefix.length

/** The name of this process on each of its connections to PostgreSQL itself; unique among all processes. */
export const applicationName = `${applicationPrefix}${instance}`.slice(0, nameMax)

/** Locks the database; throws a DatabaseInUseError if another server still has the lock after `patience` ms. */
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
  const ended = () => lose(new Error('The connection that holds the database lock was closed.'))
  client.on('error', lose)
  client.on('end', ended)
  try {
    await client.connect().catch(explainUnreachable)
    await client.query(longLived)
    await waitForLock(client, patience, mode)
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }

  const stopWatching = watchConnection(client, lose)
  return {
    lost,
    release: async () => {
      stopWatching()
      client.removeListener('end', ended)
      await client.end().catch(() => {})
    },
  }
}

export function explainUnreachable(error: NodeJS.ErrnoException): never {
  throw new OperatorError(`The database cannot be reached: ${error.message || error.code}`)
}

// The connection stays idle. Keepalives let the database detect within seconds that this machine is gone.
const longLived = `set idle_session_timeout = 0; set statement_timeout = 0; set tcp_keepalives_idle = 5;
  set tcp_keepalives_interval = 5; set tcp_keepalives_count = 2`

async function waitForLock(client: pg.Client, patience: number, mode: LockMode): Promise<void> {
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

/** Describes the process that holds the lock. */
export async function holderOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and (l.classid, l.objid, l.objsubid) = ($1, $2, 1)
        and l.database = (select oid from pg_database where datname = current_database())`,
    [...key],
  )
  return rows[0] ? describeName(rows[0].name) : 'which has ended'
}

const describeName = (name: string) => name.replace(/^parlance (\d+)\.\w+/, 'process $1')

/** Reports a connection that no longer answers: a dead one may report no error itself. */
export function watchConnection(
  client: Pick<pg.Client, 'query'>,
  lose: (error: Error) => void,
  { everyMs, patienceMs } = { everyMs: 5_000, patienceMs: 4_000 },
): () => void {
  const timer = setInterval(() => {
    const cancel = startPatience(patienceMs, () => lose(new Error('The database does not answer.')))
    client.query('select').then(cancel, cancel)
  }, everyMs)
  return () => clearInterval(timer)
}
