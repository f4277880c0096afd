import { type Refusal, refuse } from '../errors.ts'
import type { Sql } from '../platform/db/sql.ts'

export interface Suspension {
  /** Timestamp; null if the suspension lasts until it is lifted. */
  until: string | null
  /** Shown to the suspended user. */
  reason: string
}

/** SQL: the current suspension of a user as JSON; null if there is none or it has expired. */
export const suspensionOf = (userId: string) => `(
  select json_build_object('until', x.until, 'reason', x.reason) from suspension x
  where x.user_id = ${userId} and (x.until is null or x.until > clock_timestamp()))`

const readSuspension = `select ${suspensionOf('$1')} as suspension`

/** The current suspension of a user. Lock the user first where a concurrent suspension must not be missed. */
export async function findSuspension(sql: Sql, userId: string): Promise<Suspension | null> {
  const [row] = await sql.query<{ suspension: Suspension | null }>(readSuspension, [userId])
  return row?.suspension ?? null
}

export function suspendedRefusal({ until, reason }: Suspension): Refusal {
  const end = until && new Date(until).toISOString()
  const message = `This account is suspended${end ? ` until ${end}` : ''}: ${reason}`
  return refuse('SUSPENDED', message, { until: end, suspensionReason: reason })
}
