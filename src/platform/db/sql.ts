import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type pg from 'pg'
import type { Prisma } from './generated/client.ts'
import { beforeCommit } from './outage.ts'

/**
 * Runs raw SQL with $1 placeholders on a pool, a connection or a Prisma transaction. On a connection and in a transaction,
 * statements run in the order of the calls.
 */
export interface Sql {
  query<Row>(text: string, params?: unknown[]): Promise<Row[]>
}

const names = new Map<string, string>()

// Statements are constants of the program: each is prepared once per connection, and the map stays small.
function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const name = createHash('sha1').update(text).digest('hex')
  names.set(text, name)
  return name
}

export function poolSql(connection: pg.Pool | pg.Client | pg.PoolClient): Sql {
  return {
    async query<Row>(text: string, params: unknown[] = []) {
      const values = params.map((param) => (Array.isArray(param) ? arrayLiteral(param) : param))
      const result = await connection.query({ name: nameOf(text), text, values })
      return result.rows as Row[]
    },
  }
}

/**
 * An array as PostgreSQL reads it, in a fraction of the time that `pg` needs: statements of batches have some thirty values
 * per message. Returns the array itself, for `pg`, if it contains something else than texts, numbers, booleans and nulls,
 * or a character that JSON writes differently.
 */
function arrayLiteral(values: readonly unknown[]): unknown {
  if (!values.every(isPlain)) return values
  const json = JSON.stringify(values)
  return hasOtherEscape(json) ? values : `{${json.slice(1, -1)}}`
}

const isPlain = (value: unknown) =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)

/** Both write \" and \\; other escapes, such as \n, exist in JSON only. */
function hasOtherEscape(json: string): boolean {
  for (let at = json.indexOf('\\'); at !== -1; at = json.indexOf('\\', at + 2))
    if (json[at + 1] !== '"' && json[at + 1] !== '\\') return true
  return false
}

/** Statements of their own, without a transaction: one that only reads has written nothing when its connection breaks. */
export function standaloneSql(pool: pg.Pool): Sql {
  const sql = poolSql(pool)
  return {
    query: <Row>(text: string, params?: unknown[]) => {
      const rows = sql.query<Row>(text, params)
      return onlyReads(text) ? rows.catch((error) => Promise.reject(beforeCommit(error))) : rows
    },
  }
}

const reads = new Map<string, boolean>()

// No function of the schema that a statement calls writes.
function onlyReads(text: string): boolean {
  const known = reads.get(text)
  if (known !== undefined) return known
  const result = !/\b(insert into|update|delete from|merge into|call)\b/i.test(text)
  reads.set(text, result)
  return result
}

/**
 * Waits for statements that `send` sends at once, in one packet; the connection must be in pipeline mode. They run one after
 * the other, each with a snapshot of its own. Rejects with the error of the first one that fails.
 */
export async function inOneFlight<Results extends readonly unknown[]>(
  client: pg.PoolClient,
  send: () => { [Index in keyof Results]: Promise<Results[Index]> },
): Promise<Results> {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection
  stream.cork()
  let sent: ReturnType<typeof send>
  try {
    sent = send()
  } finally {
    stream.uncork()
  }
  const settled = await Promise.allSettled(sent)
  const failed = settled.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
  return settled.map((each) => (each as PromiseFulfilledResult<unknown>).value) as unknown as Results
}

/**
 * The name under which Prisma prepares a statement of `prismaSql`. Those that it writes itself have none: their text depends
 * on the number of values, so a connection would keep any number of them.
 */
export const preparedName = (text: string): string => (names.has(text) ? nameOf(text) : '')

export function prismaSql(db: Prisma.TransactionClient): Sql {
  // Prisma sends a statement when it is awaited, which may be later than the next one.
  let previous: Promise<unknown> = Promise.resolve()
  return {
    query<Row>(text: string, params: unknown[] = []) {
      nameOf(text)
      const result = previous.then(() => db.$queryRawUnsafe<Row[]>(text, ...params))
      previous = result.catch(() => undefined)
      return result
    },
  }
}

export const isUniqueViolation = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === '23505' || error.code === 'P2002')
