import type pg from 'pg'
import { timeKey } from '../../platform/graphql/page.ts'
import type { Position, SearchFilter, SearchOrder } from '../engine/search-index.ts'
import type { HitRow } from './hit-row.ts'
import type { Place } from './place.ts'
import { tagMark } from './query.ts'

/** What to find in places. */
export interface Pass {
  /** A tsquery with marks instead of tags. */
  wanted: string
  /** Hits of earlier passes; '' for none. */
  except: string
  score: number
  filter: SearchFilter
  order: SearchOrder
  after: Position | null
  limit: number
  /** No further places are read after this time, in milliseconds of `performance`. */
  deadline: number
}

const statement = (direction: '<' | '>', order: string) => `
  with p as materialized (
    select conversation_id, from_seq, replace($4, '${tagMark}', tag)::tsquery as wanted,
           replace($5, '${tagMark}', tag)::tsquery as except
    from unnest($1::text[], $2::integer[], $3::text[]) as place (conversation_id, from_seq, tag))
  select s.conversation_id as "conversationId", s.seq, $15::float8 as score, ${timeKey('s.sent_at')} as at, s.message_id as id
  from p cross join lateral (
    select w.conversation_id, w.seq, w.sent_at, w.message_id
    -- The fence leaves only the index of words: the planner cannot know which word is rare.
    from (select * from message_search where words @@ p.wanted offset 0) w
    where w.conversation_id = p.conversation_id and w.seq >= p.from_seq
      and ($5 = '' or not w.words @@ p.except)
      and ($6::text[] is null or w.sender_id = any($6)) and ($7::message_kind[] is null or w.kind = any($7))
      and ($8::timestamptz is null or w.sent_at >= $8) and ($9::timestamptz is null or w.sent_at < $9)
      and ($10::boolean is null or w.has_link = $10)
      and ($11::text is null or exists (
        select from mention n
        where n.conversation_id = w.conversation_id and n.seq = w.seq and (n.user_id = $11 or n.user_id is null)))
      and ($12::timestamptz is null or (w.sent_at, w.message_id) ${direction} ($12, $13::text))
    order by ${order} limit $14
  ) s
  order by ${order} limit $14`

const falling = statement('<', 'sent_at desc, message_id desc')
const rising = statement('>', 'sent_at, message_id')

// Common words fill a page from the first places; rare ones need all of them, so each chunk is larger.
const firstChunk = 2
const chunkMax = 1_024

/**
 * The hits of a pass in the order of time. Places are read in this order, too, until no later one can have an earlier hit,
 * so the work depends on the number of places and not on the number of matches.
 */
export async function readPass(pool: pg.Pool, places: readonly Place[], pass: Pass): Promise<HitRow[]> {
  const isRising = pass.order === 'OLDEST_FIRST'
  let found: HitRow[] = []
  let size = firstChunk
  for (let at = 0; at < places.length; at += size, size = Math.min(size * 4, chunkMax)) {
    const last = found.length >= pass.limit ? found.at(-1) : undefined
    const chunk = places.slice(at, at + size)
    const [first] = chunk
    if (last && first && (isRising ? first.bound > last.at : first.bound < last.at)) break
    if (at > 0 && performance.now() > pass.deadline) break
    const rows = await readChunk(pool, chunk, pass)
    found = [...found, ...rows]
      .sort(isRising ? byTime : (one, other) => byTime(other, one))
      .slice(0, pass.limit)
  }
  return found
}

async function readChunk(pool: pg.Pool, chunk: readonly Place[], pass: Pass): Promise<HitRow[]> {
  const { senderIds, kinds, sentAfter, sentBefore, hasLink, mentioning } = pass.filter
  const { rows } = await pool.query<HitRow>({
    name: pass.order === 'OLDEST_FIRST' ? 'search_rising' : 'search_falling',
    text: pass.order === 'OLDEST_FIRST' ? rising : falling,
    values: [
      chunk.map((place) => place.conversationId),
      chunk.map((place) => place.fromSeq),
      chunk.map((place) => place.tag),
      pass.wanted,
      pass.except,
      senderIds,
      kinds,
      sentAfter,
      sentBefore,
      hasLink,
      mentioning,
      pass.after ? new Date(pass.after[1]).toISOString() : null,
      pass.after?.[2] ?? '',
      pass.limit,
      pass.score,
    ],
  })
  return rows
}

function byTime(one: HitRow, other: HitRow): number {
  if (one.at !== other.at) return one.at - other.at
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}
