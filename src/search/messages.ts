import { type Context, requireViewer } from '../context.ts'
import { type ConversationRow, visibleConversation } from '../conversation/store.ts'
import { invalidInput } from '../errors.ts'
import type { Connection, Edge } from '../platform/graphql/connection.ts'
import { type PageArgs, pageSize } from '../platform/graphql/page.ts'
import { decodePageKey } from '../platform/graphql/page-key.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'
import type { Position, SearchFilter, SearchOrder, SearchRequest } from './engine/search-index.ts'
import { readScopes } from './scopes.ts'
import { type Query, readQuery } from './text/terms.ts'
import { type FoundMessage, newBudget, type VerifiedHit, verifiedHits } from './verify.ts'

export interface SearchResult extends FoundMessage {
  conversation: ConversationRow
}

export interface MessageSearchFilter {
  conversationIds?: string[] | null
  senderIds?: string[] | null
  kinds?: string[] | null
  sentAfter?: Date | null
  sentBefore?: Date | null
  hasLink?: boolean | null
  mentionsViewer?: boolean | null
}

export const querySchema = text({ max: 256 })
// Bounds a request when the index is outdated or messages are long.
const roundsMax = 10
const roundMax = 200

/** Messages that the viewer may read, that contain every term of a query, if there is one, and pass the filter. */
export async function searchMessages(
  ctx: Context,
  args: PageArgs & { query?: string | null; filter?: MessageSearchFilter | null; order?: SearchOrder | null },
): Promise<Connection<SearchResult>> {
  const query = readWanted(args.query ?? null, args.filter ?? {})
  const order = inOrder(query, args.order ?? 'RELEVANCE')
  const size = pageSize(ctx.config.limits, args.first)
  const reached = decodePageKey(args.after, ['number', 'number', 'string'])
  // The cursor of another order has a score that this one does not know.
  const after: Position | null = reached && order !== 'RELEVANCE' ? [0, reached[1], reached[2]] : reached
  const request = { query, order, filter: await toFilter(ctx, args.filter ?? {}) }

  const { found, examined } = await collect(ctx, request, after, size + 1)
  const results = await Promise.all(found.slice(0, size).map((hit) => inConversation(ctx, hit)))
  const edges = results.filter((edge) => edge !== null)
  const more = found.length > size || examined !== null
  const last = found[size - 1] ?? found.at(-1)
  return {
    edges,
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: after !== null,
      startKey: edges[0]?.key ?? null,
      endKey: found.length <= size && examined ? examined : (last?.position ?? null),
    },
  }
}

/** The edge of a hit; null if the viewer was removed from its conversation in the meantime. */
async function inConversation(ctx: Context, hit: VerifiedHit): Promise<Edge<SearchResult> | null> {
  const conversation = await visibleConversation(ctx, requireViewer(ctx), hit.message.conversationId)
  return conversation && { key: hit.position, node: { ...hit, conversation } }
}

/** The terms to find; null to find everything that passes the filter, of which there must then be one. */
function readWanted(given: string | null, filter: MessageSearchFilter): Query | null {
  if (given === null) {
    const { mentionsViewer, ...others } = filter
    if (mentionsViewer || Object.values(others).some((value) => value !== null && value !== undefined))
      return null
    throw invalidInput({ path: 'query', message: 'is required without a filter' })
  }
  const query = readQuery(check(querySchema, given, 'query'))
  if (query.terms.length > 0) return query
  throw invalidInput({ path: 'query', message: 'must contain a word, a number or an emoji' })
}

/** Without words, every message is equally relevant. */
const inOrder = (query: Query | null, order: SearchOrder): SearchOrder =>
  query === null && order === 'RELEVANCE' ? 'NEWEST_FIRST' : order

/** Queries the index until enough hits are verified. `examined` is the position reached when the limits ended it before. */
async function collect(
  ctx: Context,
  request: SearchRequest,
  after: Position | null,
  wanted: number,
): Promise<{ found: VerifiedHit[]; examined: Position | null }> {
  const found: VerifiedHit[] = []
  const budget = newBudget()
  const { scopes } = request.filter
  let position = after
  for (let round = 0; round < roundsMax && scopes.length > 0; round += 1) {
    const limit = round === 0 ? wanted : roundMax
    const hits = await ctx.search.index.search(request, position, limit)
    for await (const batch of verifiedHits(ctx, request, hits, budget)) {
      found.push(...batch.found)
      if (found.length >= wanted) return { found, examined: null }
      position = batch.reached
    }
    if (budget.size <= 0) break
    if (hits.length < limit) return { found, examined: null }
  }
  return { found, examined: scopes.length > 0 ? position : null }
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
    hasLink: given.hasLink ?? null,
    mentioning: given.mentionsViewer ? requireViewer(ctx).userId : null,
  }
}
