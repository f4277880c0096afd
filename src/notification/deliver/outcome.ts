import type { PushStatus } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { DueNotification } from '../due.ts'

/** How a notice ended. */
export interface Outcome {
  status: Exclude<PushStatus, 'QUEUED'>
  providerStatus: string
  shownSeq: number | null
}

// Messages that came in while it was in hand are left to a notice of their own.
const end = `
  with held as (
    select id, to_seq, latest_stream_seq from push_attempt where id = $1 and status = 'QUEUED' for update
  ), ended as (
    update push_attempt a
    set status = $2::push_status, provider_status = $3, shown_seq = $4, to_seq = $5, tries = $6, at = clock_timestamp()
    from held where a.id = held.id
    returning a.id, a.device_id, a.user_id, a.provider, a.purpose, a.conversation_id, a.to_seq
  )
  insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, stream_seq,
                            latest_stream_seq, status, due_at)
  select gen_random_uuid()::text, e.device_id, e.user_id, e.provider, e.purpose, e.conversation_id, e.to_seq + 1, h.to_seq,
         h.latest_stream_seq, h.latest_stream_seq, 'QUEUED', clock_timestamp() + make_interval(secs => $7::float8 / 1000)
  from ended e join held h on h.id = e.id where h.to_seq > e.to_seq
  on conflict do nothing`

export async function completeNotification(
  sql: Sql,
  notification: DueNotification,
  { status, providerStatus, shownSeq }: Outcome,
  delayMs: number,
): Promise<void> {
  const tries = status === 'SUPPRESSED' ? notification.tries : notification.tries + 1
  await sql.query(end, [
    notification.id,
    status,
    providerStatus,
    shownSeq,
    notification.toSeq,
    tries,
    delayMs,
  ])
}

const wait = `
  update push_attempt
  set due_at = $2::text::timestamptz, stream_seq = case when $3::boolean then latest_stream_seq else stream_seq end
  where id = $1 and status = 'QUEUED'`

export async function reschedule(
  sql: Sql,
  { id }: DueNotification,
  until: Date,
  requireLatest: boolean,
): Promise<void> {
  await sql.query(wait, [id, until.toISOString(), requireLatest])
}

const tryLater = `
  update push_attempt
  set due_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000), tries = tries + 1, provider_status = $3,
      at = clock_timestamp()
  where id = $1 and status = 'QUEUED'`

const firstPauseMs = 1_000
const longestPauseMs = 600_000
const longestAskedMs = 3_600_000

/** A pause that grows, or as long as the provider asks for. */
export const pauseMs = (tries: number, afterMs: number | null): number =>
  Math.max(Math.min(longestPauseMs, firstPauseMs * 2 ** tries), Math.min(afterMs ?? 0, longestAskedMs))

/** Tries again after a pause. */
export async function retryLater(
  sql: Sql,
  { id, tries }: DueNotification,
  providerStatus: string,
  afterMs: number | null,
): Promise<void> {
  await sql.query(tryLater, [id, pauseMs(tries, afterMs), providerStatus])
}
