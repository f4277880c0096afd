import type { PushStatus } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import { type DueDigest, unreadOf } from './store.ts'

/** What became of a digest, or will be tried again when it is due. */
export interface DigestOutcome {
  status: PushStatus
  providerStatus: string | null
  tries: number
  dueAt?: Date
}

const conversationsMax = 100

// One that is sent tells of all that is unread, again if need be; of one that is not, each message is noted once.
// It has a device of its own that nobody sees listed, and that holds no address.
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
    ) told
    cross join lateral (
      select min(s.seq) as seq from message s
      where ${unreadOf} and s.seq > told.seq and (not o.once or s.sent_at >= $9::text::timestamptz)
    ) first
    cross join lateral (select max(s.seq) as seq from message s where ${unreadOf} and s.seq >= first.seq) last
    where m.user_id = $1 and not m.do_not_disturb and c.message_count > m.read_count and last.seq is not null
    order by c.last_activity_at desc limit ${conversationsMax}
  ), made as (
    insert into push_device (id, user_id, session_id, provider, token_hash, locale, removed_at)
    select $3, $1, '', $2::push_provider, '', $4, now()
    where exists (select from unread) and not exists (select from known)
    returning id
  ), place as (
    select id from known union all select id from made
  ), answered as (
    update push_attempt a set status = 'SUPPRESSED', provider_status = 'Read.', at = clock_timestamp()
    from known where a.device_id = known.id and a.status = 'QUEUED'
      and a.conversation_id not in (select conversation_id from unread)
  ), waited as (
    update push_attempt a
    set from_seq = least(a.from_seq, u.from_seq), to_seq = u.to_seq, status = $5::text::push_status,
        provider_status = $6, tries = $7::integer, due_at = coalesce($8::text::timestamptz, a.due_at), at = clock_timestamp()
    from known, unread u
    where a.device_id = known.id and a.status = 'QUEUED' and a.conversation_id = u.conversation_id
    returning a.conversation_id
  )
  insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, status,
                            provider_status, tries, due_at)
  select gen_random_uuid()::text, place.id, $1, $2::push_provider, 'DIGEST', u.conversation_id, u.from_seq, u.to_seq,
         $5::text::push_status, $6, $7::integer, coalesce($8::text::timestamptz, clock_timestamp())
  from unread u cross join place where u.conversation_id not in (select conversation_id from waited)
  on conflict do nothing`

/** Notes what became of a digest with each conversation that it tells of, or would have. */
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
