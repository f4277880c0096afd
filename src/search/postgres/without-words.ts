import { MessageKind } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { timeKey } from '../../platform/graphql/page.ts'
import type { Position, Scope, SearchFilter, SearchHit, SearchOrder } from '../engine/search-index.ts'
import { type HitRow, toHit } from './hit-row.ts'
import { keyOf } from './key.ts'

type Direction = '<' | '>'

// Of each place, the first $9 messages after the position, along an index with exactly the columns of the filter. The
// start of a member's history is also a time, so that what precedes it is not read.
const inTime = (direction: Direction) => `
  s.sent_at >= greatest($5::timestamptz, k.from_at) and s.sent_at < $6::timestamptz
  and (s.sent_at, s.message_id) ${direction} ($7::timestamptz, $8::text)
  and s.seq >= k.from_seq
  order by ${orderIn(direction)} limit $9`

const orderIn = (direction: Direction) =>
  direction === '<' ? 's.sent_at desc, s.message_id desc' : 's.sent_at, s.message_id'

const scopes = `
  select place.conversation_id, place.key, place.from_seq,
         case when place.from_seq <= 1 then '-infinity'
         else coalesce((select m.sent_at from message m
                        where m.conversation_id = place.conversation_id and m.seq = place.from_seq), 'infinity')
         end as from_at
  from unnest($1::text[], $2::integer[], $11::integer[]) as place (conversation_id, from_seq, key)`

const hits = (direction: Direction, found: string) => `
  with k as materialized (${scopes})
  select conversation_id as "conversationId", seq, 0 as score, ${timeKey('s.sent_at')} as at, message_id as id
  from (${found}) s
  order by ${orderIn(direction)} limit $9`

const places = `k cross join unnest($3::message_kind[]) as kind (name) cross join unnest($4::boolean[]) as link (has)`

const columns = 's.conversation_id, s.seq, s.sent_at, s.message_id'

const inConversation = 's.conversation_key = k.key and s.conversation_id = k.conversation_id'

const inPlace = `${inConversation} and s.kind = kind.name and s.has_link = link.has`

const byKind = (direction: Direction) => `
  select s.* from ${places} cross join lateral (
    select ${columns} from message_search s where ${inPlace} and ${inTime(direction)}
  ) s where $10::text[] is null`

const bySender = (direction: Direction) => `
  select s.* from ${places} cross join unnest($10::text[], $12::integer[]) as sender (id, key) cross join lateral (
    select ${columns} from message_search s
    where ${inPlace} and s.sender_key = sender.key and s.sender_id = sender.id and ${inTime(direction)}
  ) s`

// The mentions of a user are few, and their index is the way to the messages.
const byMention = (direction: Direction) => `
  select distinct on (s.message_id) s.* from k cross join lateral (
    select ${columns} from (
      select n.seq from mention n where n.conversation_id = k.conversation_id and n.user_id = $12::text
      union
      select n.seq from mention n where n.conversation_id = k.conversation_id and n.user_id is null
    ) n
    cross join lateral (
      select * from message_search s where ${inConversation} and s.seq = n.seq limit 1
    ) s
    where s.kind = any($3::message_kind[]) and s.has_link = any($4::boolean[])
      and ($10::text[] is null or s.sender_id = any($10)) and ${inTime(direction)}
  ) s`

const statements = (direction: Direction) => ({
  kind: hits(direction, byKind(direction)),
  sender: hits(direction, bySender(direction)),
  mention: hits(direction, byMention(direction)),
})

const byOrder = { NEWEST_FIRST: statements('<'), OLDEST_FIRST: statements('>') }

const sendable = Object.values(MessageKind).filter((kind) => kind !== 'SYSTEM')

// Each place is one descent of an index: 20,000 take about a tenth of a second.
const placesMax = 20_000
const chunkPlaces = 2_000

/** The statement of a filter without words, its parameters, and how many places it reads in each conversation. */
export function statementWithoutWords(filter: SearchFilter, order: SearchOrder) {
  const { senderIds, mentioning, hasLink } = filter
  const kinds = (filter.kinds ?? sendable).filter((kind) => kind !== 'SYSTEM')
  const links = hasLink === null ? [false, true] : [hasLink]
  const name = mentioning !== null ? 'mention' : senderIds !== null ? 'sender' : 'kind'
  const text = byOrder[order === 'OLDEST_FIRST' ? 'OLDEST_FIRST' : 'NEWEST_FIRST'][name]
  const places = name === 'mention' ? 2 : kinds.length * links.length * (senderIds?.length ?? 1)
  const params = (among: readonly Scope[], bounds: Bounds, limit: number) => [
    among.map((scope) => scope.conversationId),
    among.map((scope) => scope.fromSeq),
    kinds,
    links,
    bounds.from,
    bounds.to,
    // A condition of the index in every plan, so also without a position.
    bounds.after
      ? new Date(bounds.after[1]).toISOString()
      : order === 'OLDEST_FIRST'
        ? '-infinity'
        : 'infinity',
    bounds.after?.[2] ?? '',
    limit,
    senderIds,
    among.map((scope) => keyOf(scope.conversationId)),
    ...(name === 'mention' ? [mentioning] : name === 'sender' ? [senderIds?.map(keyOf)] : []),
  ]
  return { text, places, params }
}

interface Bounds {
  /** Inclusive. */
  from: string
  /** Exclusive. */
  to: string
  after: Position | null
}

/**
 * The messages that pass a filter, in order of time. Reads the conversations in chunks, the latest active first, and stops
 * when no later one can have an earlier hit; at most as many conversations as their places allow.
 */
export async function readWithoutWords(
  sql: Sql,
  filter: SearchFilter,
  order: SearchOrder,
  after: Position | null,
  limit: number,
): Promise<SearchHit[]> {
  const { text, places, params } = statementWithoutWords(filter, order)
  if (places === 0) return []
  const scopes = filter.scopes.slice(0, Math.max(1, Math.floor(placesMax / places)))
  const size = Math.max(1, Math.floor(chunkPlaces / places))
  const isRising = order === 'OLDEST_FIRST'
  let found: HitRow[] = []
  for (let at = 0; at < scopes.length; at += size) {
    const chunk = scopes.slice(at, at + size)
    const last = found.length >= limit ? found.at(-1) : undefined
    if (last && !isRising && (chunk[0] as Scope).activeAt.getTime() < last.at) break
    const bounds = {
      from: laterOf(filter.sentAfter, last && !isRising ? new Date(last.at) : null),
      to: earlierOf(filter.sentBefore, last && isRising ? new Date(last.at + 1) : null),
      after,
    }
    const rows = await sql.query<HitRow>(text, params(chunk, bounds, limit))
    found = [...found, ...rows].sort(isRising ? rising : (one, other) => rising(other, one)).slice(0, limit)
  }
  return found.map(toHit)
}

const laterOf = (one: Date | null, other: Date | null) =>
  one && other ? (one > other ? one : other).toISOString() : ((one ?? other)?.toISOString() ?? '-infinity')

const earlierOf = (one: Date | null, other: Date | null) =>
  one && other ? (one < other ? one : other).toISOString() : ((one ?? other)?.toISOString() ?? 'infinity')

function rising(one: HitRow, other: HitRow): number {
  if (one.at !== other.at) return one.at - other.at
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}
