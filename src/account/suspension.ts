import { type Refusal, refuse } from '../errors.ts'
import type { Sql } from '../platform/db/sql.ts'

export interface Suspension {
  /** An instant; null is until it is lifted. */
  until: string | null
  /** As the person is told. */
  reason: string
}

/** SQL: the suspension that binds a person at this moment, as JSON; null once it has run out. */
export const suspensionOf = (userId: string) => `(
  select json_build_object('until', x.until, 'reason', x.reason) from suspension x
  where x.user_id = ${userId} and (x.until is null or x.until > clock_timestamp()))`

const readSuspension = `select ${suspensionOf('$1')} as suspension`

/** The suspension that binds somebody now. Lock the person first, where another must not come in between. */
export async function findSuspension(sql: Sql, userId: string): Promise<Suspension | null> {
  const [row] = await sql.query<{ suspension: Suspension | null }>(readSuspension, [userId])
  return row?.suspension ?? null
}

export function suspendedRefusal({ until, reason }: Suspension): Refusal {
  const end = until && new Date(until).toISOString()
  const message = `This account is suspended${end ? ` until ${end}` : ''}: ${reason}`
  return refuse('SUSPENDED', message, { until: end, reason })
}
