import { type Context, requireViewer } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { type MessageRow, messageColumns } from '../message/store.ts'
import type { Connection } from '../platform/graphql/connection.ts'
import { decodePageKey, encodePageKey, type PageArgs, pageSize } from '../platform/graphql/page.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'
import { searchableText } from './document.ts'
import type { Position, SearchFilter, SearchHit } from './engine.ts'
import { readScopes } from './scopes.ts'
import { matchText, type TextRange } from './text/match.ts'
import { type Query, readQuery } from './text/terms.ts'

export interface MessageSearchFilter {
  conversationIds?: string[] | null
  senderIds?: string[] | null
  kinds?: string[] | null
  sentAfter?: Date | null
  sentBefore?: Date | null
}

/** A message that holds what was looked for, as it is now. */
export interface FoundMessage {
  message: MessageRow
  text: string
  ranges: TextRange[]
}

interface Found extends FoundMessage {
  position: Position
}

export const querySchema = text({ max: 256 })
// An index may be far behind; a request still ends.
const roundsMax = 10
const roundMax = 200

/** The viewer's messages that hold every word of a query, the best hit first and then the latest. */
export async function searchMessages(
  ctx: Context,
  args: PageArgs & { query: string; filter?: MessageSearchFilter | null },
): Promise<Connection<FoundMessage>> {
  const query = readQuery(check(querySchema, args.query, 'query'))
  if (query.terms.length === 0)
    throw invalidInput({ path: 'query', message: 'must contain a word, a number or an emoji' })
  const size = pageSize(ctx.config.limits, args.first)
  const after = decodePageKey(args.after, ['number', 'number', 'string'])
  const filter = await toFilter(ctx, args.filter ?? {})

  const { found, examined } = await collect(ctx, query, filter, after, size + 1)
  const edges = found.slice(0, size).map((node) => ({ cursor: encodePageKey(node.position), node }))
  const more = found.length > size || examined !== null
  const last = edges.at(-1)?.cursor ?? null
  return {
    edges,
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: found.length <= size && examined ? encodePageKey(examined) : last,
    },
  }
}

/**
 * Asks the index until there are as many messages as wanted that really match. `examined` is where it left off when
 * it gave up before that.
 */
async function collect(
  ctx: Context,
  query: Query,
  filter: SearchFilter,
  after: Position | null,
  wanted: number,
): Promise<{ found: Found[]; examined: Position | null }> {
  const found: Found[] = []
  let position = after
  for (let round = 0; round < roundsMax && filter.scopes.length > 0; round += 1) {
    const limit = round === 0 ? wanted : roundMax
    const hits = await ctx.search.index.search(query, filter, position, limit)
    found.push(...(await matching(ctx, query, filter, hits)))
    if (found.length >= wanted || hits.length < limit) return { found, examined: null }
    position = hits.at(-1)?.position ?? null
  }
  return { found, examined: filter.scopes.length > 0 ? position : null }
}

// What an index says is a hint: who may read what, and what it says by now, is known here only.
const readable = `
  select ${messageColumns} from unnest($2::text[], $3::integer[]) as k (conversation_id, seq)
  join membership m on m.conversation_id = k.conversation_id and m.user_id = $1
  join message s on s.conversation_id = k.conversation_id and s.seq = k.seq
  where s.seq >= m.visible_from_seq and s.recalled_at is null and s.sender_id is not null
    and ($4::text[] is null or s.sender_id = any($4)) and ($5::text[] is null or s.kind::text = any($5))
    and ($6::timestamptz is null or s.sent_at >= $6) and ($7::timestamptz is null or s.sent_at < $7)`

export async function matching(
  ctx: Context,
  query: Query,
  filter: SearchFilter,
  hits: SearchHit[],
): Promise<Found[]> {
  if (hits.length === 0) return []
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
  return hits.flatMap(({ conversationId, seq, position }) => {
    const message = byPlace.get(`${conversationId} ${seq}`)
    const original = message && searchableText(message)
    const ranges = original ? matchText(query.terms, original) : null
    return message && original && ranges ? [{ message, text: original, ranges, position }] : []
  })
}

const idsMax = 100

async function toFilter(ctx: Context, given: MessageSearchFilter): Promise<SearchFilter> {
  for (const name of ['conversationIds', 'senderIds'] as const)
    if ((given[name]?.length ?? 0) > idsMax)
      throw invalidInput({ path: `filter.${name}`, message: `must have at most ${idsMax} items` })
  return {
    scopes: await readScopes(ctx, given.conversationIds ?? null),
    senderIds: given.senderIds ?? null,
    kinds: given.kinds ?? null,
    sentAfter: given.sentAfter ?? null,
    sentBefore: given.sentBefore ?? null,
  }
}
