import { type Context, requireViewer } from '../context.ts'
import { mentionsIn } from '../message/content/read.ts'
import { type MessageRow, namedMessageColumns } from '../message/store.ts'
import { hasLink, searchableText } from './engine/document.ts'
import type { Position, SearchFilter, SearchHit, SearchRequest } from './engine/search-index.ts'
import type { TextRange } from './text/match.ts'

/** A message that matches a query in its current state. */
export interface FoundMessage {
  message: MessageRow
  text: string
  ranges: TextRange[]
}

/** A verified hit of the index, with its position. */
export interface VerifiedHit extends FoundMessage {
  position: Position
}

// Hits of the index are hints: only the database knows who may read a message, and its current text.
const readable = `
  select ${namedMessageColumns} from unnest($2::text[], $3::integer[]) as k (conversation_id, seq)
  join membership m on m.conversation_id = k.conversation_id and m.user_id = $1
  join message s on s.conversation_id = k.conversation_id and s.seq = k.seq
  where s.seq >= m.visible_from_seq and s.recalled_at is null and s.sender_id is not null
    and ($4::text[] is null or s.sender_id = any($4)) and ($5::text[] is null or s.kind::text = any($5))
    and ($6::timestamptz is null or s.sent_at >= $6) and ($7::timestamptz is null or s.sent_at < $7)`

// 25 of the longest messages take about 6 MB.
const batchMax = 25

// In UTF-16 units of text: one or two seconds of work.
const sizeMax = 4_000_000

/** Units of text that a request may still compare. */
export interface Budget {
  size: number
}

export const newBudget = (): Budget => ({ size: sizeMax })

/** The hits that the viewer may read and that match, in batches and in order, within a budget. */
export async function* verifiedHits(
  ctx: Context,
  request: SearchRequest,
  hits: readonly SearchHit[],
  budget: Budget,
): AsyncGenerator<{ found: VerifiedHit[]; reached: Position }> {
  for (let at = 0; at < hits.length && budget.size > 0; at += batchMax) {
    const batch = hits.slice(at, at + batchMax)
    const found = await verify(ctx, request, batch, budget)
    yield { found, reached: (batch.at(-1) as SearchHit).position }
  }
}

async function verify(
  ctx: Context,
  { query, filter }: SearchRequest,
  hits: readonly SearchHit[],
  budget: Budget,
): Promise<VerifiedHit[]> {
  const rows = await ctx.sql.query<MessageRow>(readable, [
    requireViewer(ctx).userId,
    hits.map((hit) => hit.conversationId),
    hits.map((hit) => hit.seq),
    filter.senderIds,
    filter.kinds,
    filter.sentAfter,
    filter.sentBefore,
  ])
  const byPlace = new Map(rows.map((row) => [`${row.conversationId} ${row.seq}`, row]))
  const candidates = hits.flatMap(({ conversationId, seq, position }) => {
    const message = byPlace.get(`${conversationId} ${seq}`)
    const text = message ? searchableText(message) : null
    if (!message || text === null || !passes(message, text, filter)) return []
    return [{ message, text, position }]
  })
  if (query === null) return candidates.map((candidate) => ({ ...candidate, ranges: [] }))
  const texts = candidates.map(({ text }) => text)
  for (const text of texts) budget.size -= text.length
  const ranges = await ctx.search.texts.matches({ terms: query.terms, texts })
  return candidates.flatMap((candidate, index) => {
    const found = ranges[index]
    return found ? [{ ...candidate, ranges: found }] : []
  })
}

/** The parts of the filter that are no columns of a message. */
function passes(message: MessageRow, text: string, filter: SearchFilter): boolean {
  if (filter.hasLink !== null && hasLink(text) !== filter.hasLink) return false
  if (filter.mentioning === null) return true
  const mentions = mentionsIn(message)
  return mentions.includes(null) || mentions.includes(filter.mentioning)
}
