import type { Context } from '../context.ts'
import { invalidInput } from '../errors.ts'
import type { Connection } from '../platform/graphql/connection.ts'
import { decodePageKey, encodePageKey, type PageArgs, pageSize } from '../platform/graphql/page.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'
import type { Position, SearchFilter } from './engine/search-index.ts'
import { readScopes } from './scopes.ts'
import { type Query, readQuery } from './text/terms.ts'
import { type FoundMessage, newBudget, type VerifiedHit, verifiedHits } from './verify.ts'

export interface MessageSearchFilter {
  conversationIds?: string[] | null
  senderIds?: string[] | null
  kinds?: string[] | null
  sentAfter?: Date | null
  sentBefore?: Date | null
}

export const querySchema = text({ max: 256 })
// Bounds a request when the index is outdated or messages are long.
const roundsMax = 10
const roundMax = 200

/** Messages that the viewer may read and that contain every term of a query, best hits first, then the latest. */
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

/** Queries the index until enough hits are verified. `examined` is the position reached when the limits ended it before. */
async function collect(
  ctx: Context,
  query: Query,
  filter: SearchFilter,
  after: Position | null,
  wanted: number,
): Promise<{ found: VerifiedHit[]; examined: Position | null }> {
  const found: VerifiedHit[] = []
  const budget = newBudget()
  let position = after
  for (let round = 0; round < roundsMax && filter.scopes.length > 0; round += 1) {
    const limit = round === 0 ? wanted : roundMax
    const hits = await ctx.search.index.search(query, filter, position, limit)
    for await (const batch of verifiedHits(ctx, query, filter, hits, budget)) {
      found.push(...batch.found)
      if (found.length >= wanted) return { found, examined: null }
      position = batch.reached
    }
    if (budget.size <= 0) break
    if (hits.length < limit) return { found, examined: null }
  }
  return { found, examined: filter.scopes.length > 0 ? position : null }
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
