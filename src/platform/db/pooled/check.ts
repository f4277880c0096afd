import pg from 'pg'
import { OperatorError } from '../../operator-error.ts'
import { newestHistory } from '../history.ts'
import { lackedSettings, type StatementTimeouts } from './session-settings.ts'

interface Session {
  role: string
  hasHistory: boolean
  lacked: string[]
}

interface Expected {
  role: string
  history: string
}

const readSession = (timeouts: StatementTimeouts) => `
  select current_user::text as role, to_regclass('history') is not null as "hasHistory", array(${lackedSettings(timeouts)}) as lacked`
const hasHistory = 'select from history where id = $1'
const readDirect = `select current_user::text as role, ${newestHistory} as history`

// As many transactions at once get as many sessions of the pooler.
const sessions = 2

/**
 * Throws if the pooler of DATABASE_URL leads to another database or role than DATABASE_DIRECT_URL, or to sessions with
 * other settings. `direct` is a connection to PostgreSQL itself.
 */
export async function checkPooler(
  direct: pg.Client,
  pooled: pg.ClientConfig,
  timeouts: StatementTimeouts,
): Promise<void> {
  const { rows } = await direct.query<Expected>(readDirect)
  const [expected] = rows as [Expected]
  await withPooled(pooled, async (clients) => {
    for (const client of clients) await client.query('begin').catch(explainPooler)
    for (const client of clients) await checkSession(client, expected, timeouts)
    for (const client of clients) await client.query('commit')
  })
}

/** Runs `use` on connections to the pooler. */
export async function withPooled<Result>(
  pooled: pg.ClientConfig,
  use: (clients: pg.Client[]) => Promise<Result>,
): Promise<Result> {
  const clients = Array.from({ length: sessions }, () => new pg.Client({ ...pooled, query_timeout: 5_000 }))
  for (const client of clients) client.on('error', () => {})
  try {
    await Promise.all(clients.map((client) => client.connect())).catch(explainPooler)
    return await use(clients)
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => {})))
  }
}

async function checkSession(client: pg.Client, { role, history }: Expected, timeouts: StatementTimeouts) {
  const { rows } = await client.query<Session>(readSession(timeouts))
  const [session] = rows
  if (!session?.hasHistory || (await client.query(hasHistory, [history])).rowCount !== 1)
    throw new OperatorError('DATABASE_URL and DATABASE_DIRECT_URL lead to different databases.')
  if (session.role !== role)
    throw new OperatorError(
      `DATABASE_URL connects as the role ${session.role}, DATABASE_DIRECT_URL as ${role}: use the same role.`,
    )
  if (session.lacked.length > 0)
    throw new OperatorError(
      `Sessions of the pooler of DATABASE_URL lack settings of the role (${session.lacked.join(', ')}): restart the pooler, or run RECONNECT in the console of PgBouncer.`,
    )
}

function explainPooler(error: NodeJS.ErrnoException): never {
  throw new OperatorError(`The pooler of DATABASE_URL gives no session: ${error.message || error.code}`, {
    cause: error,
  })
}
