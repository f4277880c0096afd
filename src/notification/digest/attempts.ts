import type { PushStatus } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import { type DueDigest, unreadOf } from './store.ts'

/** The outcome of a digest; with `dueAt` it is retried then. */
export interface DigestOutcome {
  status: PushStatus
  providerStatus: string | null
  tries: number
  dueAt?: Date
}

const conversationsMax = 100

// A sent digest is recorded for all that is unread, a suppressed one only for messages not recorded before. The row of
// push_device stands for the address; it is removed from the start, so that no list contains it.
const record = `
  with known as (
    select id from push_device where user_id = $1 and provider = $2::push_provider order by created_at limit 1
  ), unread as materialized (
    select m.conversation_id, first.seq as from_seq, last.seq as to_seq
    from membership m join conversation c on c.id = m.conversation_id
    cross join lateral (select $5::text::push_status = 'SUPPRESSED' as once) o
    cross join lateral (
      select coalesce(max(a.to_seq), 0) as seq from push_attempt a
      where o.once and a.device_id = (select id from known) and a.conversation_id = m.conversation_id
    ) recorded
    cross join lateral (
      select min(s.seq) as seq from message s
      where ${unreadOf} and s.seq > recorded.seq and (not o.once or s.sent_at >= $9::text::timestamptz)
    ) first
    cross join lateral (select max(s.seq) as seq from message s where ${unreadOf} and s.seq >= first.seq) last
    where m.user_id = $1 and not m.do_not_disturb and c.message_count > m.read_count and last.seq is not null
    order by c.last_activity_at desc limit ${conversationsMax}
  ), created as (
    insert into push_device (id, user_id, session_id, provider, token_hash, locale, removed_at)
    select $3, $1, '', $2::push_provider, '', $4, now()
    where exists (select from unread) and not exists (select from known)
    returning id
  ), target as (
    select id from known union all select id from created
  ), read as (
    update push_attempt a set status = 'SUPPRESSED', provider_status = 'Read.', at = clock_timestamp()
    from known where a.device_id = known.id and a.status = 'QUEUED'
      and a.conversation_id not in (select conversation_id from unread)
  ), updated as (
    update push_attempt a
    set from_seq = least(a.from_seq, u.from_seq), to_seq = u.to_seq, status = $5::text::push_status,
        provider_status = $6, tries = $7::integer, due_at = coalesce($8::text::timestamptz, a.due_at), at = clock_timestamp()
    from known, unread u
    where a.device_id = known.id and a.status = 'QUEUED' and a.conversation_id = u.conversation_id
    returning a.conversation_id
  )
  insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, status,
                            provider_status, tries, due_at)
  select gen_random_uuid()::text, target.id, $1, $2::push_provider, 'DIGEST', u.conversation_id, u.from_seq, u.to_seq,
         $5::text::push_status, $6, $7::integer, coalesce($8::text::timestamptz, clock_timestamp())
  from unread u cross join target where u.conversation_id not in (select conversation_id from updated)
  on conflict do nothing`

/** Records the outcome of a digest for each conversation in it. */
export async function recordDigest(sql: Sql, digest: DueDigest, outcome: DigestOutcome): Promise<void> {
  const { userId, channel, locale, since } = digest
  const { status, providerStatus, tries, dueAt } = outcome
  await sql.query(record, [
    userId,
    channel,
    newId(),
    locale,
    status,
    providerStatus,
    tries,
    dueAt?.toISOString() ?? null,
    since.toISOString(),
  ])
}
