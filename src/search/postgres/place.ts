import type { Sql } from '../../platform/db/sql.ts'
import type { Scope, SearchOrder } from '../engine/search-index.ts'
import { keyOf } from './key.ts'

/** A range of messages of a conversation that the word index keeps apart from all others. */
export interface Place {
  conversationId: string
  /** The first seq that the viewer may read. */
  fromSeq: number
  tag: string
  /** In milliseconds: no message of the place was sent after it, or before it in an order from the oldest. */
  bound: number
}

// The matches of one place are ranked at once: a common word has a few hundred in it.
const placeSize = 2_048

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const tagLength = 4

/** The prefix of all words of a place. Two places may share one; a search compares the conversation, too. */
export function tagOf(conversationId: string, seq: number): string {
  const key = keyOf(`${conversationId} ${Math.floor(seq / placeSize)}`)
  return Array.from({ length: tagLength }, (_, at) => alphabet[(key >>> (6 * at)) & 63]).join('')
}

// One request reads at most so many places, which takes about half a second.
const placesMax = 20_000

/** The places of conversations, in the order of a page. */
export async function placesOf(sql: Sql, scopes: readonly Scope[], order: SearchOrder): Promise<Place[]> {
  const isRising = order === 'OLDEST_FIRST'
  const places: Place[] = []
  // The messages whose times bound the places that do not end with the latest activity.
  const asked: { place: Place; seq: number }[] = []
  for (const { conversationId, fromSeq, maxSeq, activeAt } of scopes) {
    const last = Math.floor(maxSeq / placeSize)
    for (let block = Math.floor(fromSeq / placeSize); block <= last; block += 1) {
      const first = Math.max(block * placeSize, fromSeq, 1)
      const bound = isRising ? Number.NEGATIVE_INFINITY : activeAt.getTime()
      const place = { conversationId, fromSeq: first, tag: tagOf(conversationId, first), bound }
      places.push(place)
      if (isRising) asked.push({ place, seq: first })
      else if (block < last) asked.push({ place, seq: (block + 1) * placeSize - 1 })
    }
  }
  if (asked.length > 0) await readBounds(sql, asked)
  places.sort((one, other) => (isRising ? one.bound - other.bound : other.bound - one.bound))
  return places.slice(0, placesMax)
}

const readTimes = `
  select k.at::integer as at, m.sent_at as "sentAt"
  from unnest($1::text[], $2::integer[]) with ordinality as k (conversation_id, seq, at)
  join message m on m.conversation_id = k.conversation_id and m.seq = k.seq`

async function readBounds(sql: Sql, asked: { place: Place; seq: number }[]): Promise<void> {
  const rows = await sql.query<{ at: number; sentAt: Date }>(readTimes, [
    asked.map(({ place }) => place.conversationId),
    asked.map(({ seq }) => seq),
  ])
  for (const { at, sentAt } of rows) {
    const found = asked[at - 1]
    if (found) found.place.bound = sentAt.getTime()
  }
}
