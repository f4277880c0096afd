import type { PushStatus } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { DueNotification } from '../due.ts'
import { waitInQuietHours } from '../quiet-hours.ts'
import { withdrawalPurposes } from '../withdrawal.ts'

/** The final state of an attempt. */
export interface Outcome {
  status: Exclude<PushStatus, 'QUEUED'>
  providerStatus: string
  shownSeq: number | null
}

// Messages that were added while it was being sent get a notification of their own. If its messages were read meanwhile,
// or its user has left, it is withdrawn again. The lock on the membership decides that in the same commit: a read or
// departure before it is seen here, and one after it sees the sent notification.
const complete = `
  with member as (
    select m.read_seq from push_attempt a join membership m using (conversation_id, user_id)
    where a.id = $1 for share of m
  ), held as (
    select id, to_seq, latest_stream_seq from push_attempt where id = $1 and status = 'QUEUED' for update
  ), ended as (
    update push_attempt a
    set status = $2::push_status, provider_status = $3, shown_seq = $4, to_seq = $5, tries = $6, at = clock_timestamp(),
        owner = null
    from held where a.id = held.id
    returning a.id, a.device_id, a.user_id, a.provider, a.purpose, a.conversation_id, a.from_seq, a.to_seq, a.status
  ), withdrawn as (
    insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, status)
    select gen_random_uuid()::text, e.device_id, e.user_id, e.provider,
           case when m.read_seq is null then 'LEFT' else 'READ' end::push_purpose, e.conversation_id, e.from_seq, e.to_seq,
           'QUEUED'
    from ended e join push_device d on d.id = e.device_id and d.removed_at is null left join member m on true
    where e.status = 'SENT' and e.conversation_id is not null and e.purpose not in ${withdrawalPurposes}
      and (m.read_seq is null or m.read_seq >= e.to_seq)
    on conflict do nothing
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
  await sql.query(complete, [
    notification.id,
    status,
    providerStatus,
    shownSeq,
    notification.toSeq,
    tries,
    delayMs,
  ])
}

const setDueAt = `
  update push_attempt
  set owner = null, due_at = $2::text::timestamptz,
      stream_seq = case when $3::boolean then latest_stream_seq else stream_seq end,
      active_seq = case when $3::boolean then to_seq else active_seq end
  where id = $1 and status = 'QUEUED'`

export async function reschedule(
  sql: Sql,
  { id }: DueNotification,
  until: Date,
  requireLatest: boolean,
): Promise<void> {
  await sql.query(setDueAt, [id, until.toISOString(), requireLatest])
}

const waitUntil = waitInQuietHours({
  until: '$2::text::timestamptz',
  user: '$3',
  from: '$4',
  to: '$5',
  zone: '$6',
})

const setQuietUntil = `update push_attempt set owner = null, due_at = ${waitUntil} where id = $1 and status = 'QUEUED'`

/** Lets a notification wait for the end of the quiet hours with which it was claimed. */
export async function waitForQuietEnd(sql: Sql, notification: DueNotification, until: Date): Promise<void> {
  const { id, userId, quietFrom, quietTo, timeZone } = notification
  await sql.query(setQuietUntil, [id, until.toISOString(), userId, quietFrom, quietTo, timeZone])
}

const scheduleRetry = `
  update push_attempt
  set owner = null, due_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000), tries = tries + 1, provider_status = $3,
      at = clock_timestamp()
  where id = $1 and status = 'QUEUED'`

const firstPauseMs = 1_000
const pauseMaxMs = 600_000
const retryAfterMaxMs = 3_600_000

/** Exponential back-off, or what the provider asks for if that is longer. */
export const pauseMs = (tries: number, retryAfterMs: number | null): number =>
  Math.max(Math.min(pauseMaxMs, firstPauseMs * 2 ** tries), Math.min(retryAfterMs ?? 0, retryAfterMaxMs))

export async function retryLater(
  sql: Sql,
  { id, tries }: DueNotification,
  providerStatus: string,
  retryAfterMs: number | null,
): Promise<void> {
  await sql.query(scheduleRetry, [id, pauseMs(tries, retryAfterMs), providerStatus])
}
