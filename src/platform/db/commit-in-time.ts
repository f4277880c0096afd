import { refuse } from '../../errors.ts'
import type { Sql } from './sql.ts'

// The transaction's age is compared, because the time that was left when it began was measured by another clock. The
// timeout makes the database itself roll back if the commit does not arrive in time.
const holdDeadline = `
  select d.at > clock_timestamp() as "inTime", set_config('idle_in_transaction_session_timeout',
    greatest(1, ceil(extract(epoch from d.at - clock_timestamp()) * 1000))::integer::text, true) as timeout
  from (select now() + make_interval(secs => $1::float8 / 1000) as at) d`

/**
 * The last statement of a transaction that must not commit after the deadline of its request: a retry that is refused
 * afterwards is then final. `leftMs` is the time that was left once the transaction had begun.
 */
export async function commitInTime(sql: Sql, leftMs: number): Promise<void> {
  const [row] = await sql.query<{ inTime: boolean }>(holdDeadline, [leftMs])
  if (!row?.inTime) throw deadlinePassed()
}

export const deadlinePassed = () =>
  refuse('UNAVAILABLE', 'The deadline of the request passed; nothing was changed.', { retryable: true })

/** SQL: the last statement and the commit in one message, so that no pause comes between them; see `commitInTime`. */
export const commitStatement = (leftMs: number) =>
  `select 1 / (clock_timestamp() < now() + interval '${Math.floor(leftMs)} milliseconds')::integer; commit`

/** Whether `commitStatement` failed because the deadline had passed, which leaves the transaction to be rolled back. */
export const isTooLate = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === '22012'
