import type { PushProvider } from '../platform/db/generated/enums.ts'
import type { Sql } from '../platform/db/sql.ts'
import { correctRecalled } from './correct-recalled.ts'
import { liveDevice } from './device-store.ts'
import { type DigestSettings, queueDigests } from './gather-digests.ts'
import { type News, reaching } from './news.ts'
import { withdrawAnswered } from './withdraw-read.ts'

/** The outbox marks that are for push. */
export const pushTopic = 'push'

export interface GatherSettings extends DigestSettings {
  providers: PushProvider[]
  delayMs: number
}

/** A conversation in hand: how far it was gathered, and how far it has been delivered since. */
interface Behind {
  conversationId: string
  fromVersion: number
  fromSeq: number
  version: number
  maxSeq: number
  signalled: boolean
}

const conversationsMax = 50
const messagesMax = 500
const membersMax = 1_000
// What is older when it comes to be looked at is no news any more.
const newsAge = '1 hour'
const leaseSeconds = 60

// A conversation that was never looked at begins with what was written of late.
const begin = `
  insert into push_progress (conversation_id, version, seq)
  select c.id, greatest(c.version - ${messagesMax}, 0), greatest(c.max_seq - ${messagesMax}, 0) from conversation c
  where c.id in (select conversation_id from outbox_mark where topic = '${pushTopic}')
    and not exists (select from push_progress p where p.conversation_id = c.id)
  order by c.id limit 1000
  on conflict do nothing`

// Only what has been delivered is looked at: an acknowledgement can be told from then on.
const claim = `
  with due as materialized (
    select p.conversation_id, d.version, d.max_seq, d.delivery_mode
    from push_progress p join delivery d on d.conversation_id = p.conversation_id
    where p.conversation_id in (select conversation_id from outbox_mark where topic = '${pushTopic}')
      and (p.leased_until is null or p.leased_until < clock_timestamp())
    order by p.conversation_id limit ${conversationsMax} for no key update of p skip locked
  )
  update push_progress p set leased_until = clock_timestamp() + interval '${leaseSeconds} seconds'
  from due where p.conversation_id = due.conversation_id
  returning p.conversation_id as "conversationId", p.version as "fromVersion", p.seq as "fromSeq", due.version,
            due.max_seq as "maxSeq", due.delivery_mode = 'SIGNAL' as signalled`

const advance = `
  update push_progress p
  set version = greatest(p.version, r.version), seq = greatest(p.seq, r.seq), leased_until = null
  from unnest($1::text[], $2::integer[], $3::integer[]) as r (conversation_id, version, seq)
  where p.conversation_id = r.conversation_id`

const clear = `
  delete from outbox_mark k using unnest($1::text[], $2::integer[]) as r (conversation_id, version)
  where k.topic = '${pushTopic}' and k.conversation_id = r.conversation_id and k.version <= r.version`

/** What a conversation in hand has that notices may have to tell of. */
interface Found {
  seqs: number[]
  recalled: boolean
}

const readNews = `
  select coalesce(n.seqs, '{}') as seqs, exists (
    select from message s where s.conversation_id = k.conversation_id and s.version > k.from_version
      and s.version <= k.version and s.recalled_at is not null) as recalled
  from unnest($1::text[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::boolean[]) with ordinality
    as k (conversation_id, from_version, version, from_seq, max_seq, signalled, place)
  cross join lateral (
    select array_agg(s.seq) as seqs from (
      select s.seq from message s
      where s.conversation_id = k.conversation_id and s.seq > k.from_seq and s.seq <= k.max_seq
        and s.sender_id is not null and s.recalled_at is null
        and s.sent_at > clock_timestamp() - interval '${newsAge}'
        and (not k.signalled or exists (
          select from mention n where n.conversation_id = s.conversation_id and n.seq = s.seq))
      order by s.seq desc limit ${messagesMax}
    ) s
  ) n
  order by k.place`

/**
 * Turns the marks of some conversations into notices that wait. It is done in steps that may be repeated: whoever
 * is killed in between is followed by somebody who does it again. Returns how many conversations moved on.
 */
export async function gatherNews(sql: Sql, settings: GatherSettings): Promise<number> {
  await sql.query(begin)
  const behind = await sql.query<Behind>(claim)
  if (behind.length === 0) return 0

  const ids = behind.map((each) => each.conversationId)
  const versions = behind.map((each) => each.version)
  const fromSeqs = behind.map((each) => each.fromSeq)
  const maxSeqs = behind.map((each) => each.maxSeq)
  const found = await sql.query<Found>(readNews, [
    ids,
    behind.map((each) => each.fromVersion),
    versions,
    fromSeqs,
    maxSeqs,
    behind.map((each) => each.signalled),
  ])
  for (const [place, each] of behind.entries()) await tell(sql, each, found[place], settings)
  if (settings.providers.length > 0) await withdrawAnswered(sql, ids, fromSeqs, maxSeqs)
  await sql.query(advance, [ids, versions, maxSeqs])
  await sql.query(clear, [ids, versions])
  return behind.filter((each) => each.version > each.fromVersion).length
}

async function tell(
  sql: Sql,
  behind: Behind,
  found: Found | undefined,
  settings: GatherSettings,
): Promise<void> {
  const { conversationId, signalled } = behind
  if (found && found.seqs.length > 0) {
    const userIds = signalled ? await mentionedIn(sql, conversationId, found.seqs) : null
    const news = { conversationId, seqs: found.seqs, onlyMentions: signalled, userIds }
    await byPages((after) => queueNotices(sql, news, settings, after))
    await queueDigests(sql, news, settings)
  }
  if (found?.recalled) await correctRecalled(sql, behind)
}

/** Who is mentioned by name; null when somebody mentions all. */
async function mentionedIn(sql: Sql, conversationId: string, seqs: number[]): Promise<string[] | null> {
  const rows = await sql.query<{ userId: string | null }>(
    `select distinct user_id as "userId" from mention where conversation_id = $1 and seq = any($2::integer[])`,
    [conversationId, seqs],
  )
  const ids = rows.map(({ userId }) => userId)
  return ids.includes(null) ? null : ids.filter((id) => id !== null)
}

/** Members by the thousand; `step` returns the last of a page, or null when it was not full. */
async function byPages(step: (after: string) => Promise<string | null>): Promise<void> {
  for (let after: string | null = ''; after !== null; ) after = await step(after)
}

// What waits already for the same device takes the new messages in. What was told of before is not told of again.
const queue = `
  with page as (
    select m.user_id, m.visible_from_seq from membership m
    where m.conversation_id = $1 and m.user_id > $4 and ($5::text[] is null or m.user_id = any($5::text[]))
      and exists (select from push_device d where d.user_id = m.user_id and d.removed_at is null)
    order by m.user_id limit ${membersMax}
  ), told as (
    select m.user_id, min(s.seq) as from_seq, max(s.seq) as to_seq
    from page m join message s on ${reaching} group by m.user_id
  ), queued as (
    insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, stream_seq,
                              latest_stream_seq, status, due_at)
    select gen_random_uuid()::text, d.id, t.user_id, d.provider, 'MESSAGE', $1, t.from_seq, t.to_seq,
           coalesce(e.stream_seq, 0), coalesce(e.stream_seq, 0), 'QUEUED',
           clock_timestamp() + make_interval(secs => $7::float8 / 1000)
    from told t
    join push_device d on d.user_id = t.user_id and d.provider = any($6::push_provider[]) and ${liveDevice}
    left join inbox_entry e on e.user_id = t.user_id and e.kind = 'messages' and e.subject_id = $1 and not $3::boolean
    where not exists (
      select from push_attempt x where x.device_id = d.id and x.conversation_id = $1 and x.to_seq >= t.to_seq
        and x.purpose = 'MESSAGE' and x.status <> 'QUEUED')
    on conflict (device_id, conversation_id, purpose) where status = 'QUEUED' do update
      set to_seq = greatest(push_attempt.to_seq, excluded.to_seq),
          latest_stream_seq = greatest(push_attempt.latest_stream_seq, excluded.latest_stream_seq)
  )
  select max(user_id) as last, count(*)::integer as count from page`

async function queueNotices(
  sql: Sql,
  { conversationId, seqs, onlyMentions, userIds }: News,
  { providers, delayMs }: GatherSettings,
  after: string,
): Promise<string | null> {
  if (providers.length === 0) return null
  const [page] = await sql.query<{ last: string | null; count: number }>(queue, [
    conversationId,
    seqs,
    onlyMentions,
    after,
    userIds,
    providers,
    delayMs,
  ])
  return page && page.count === membersMax ? page.last : null
}
