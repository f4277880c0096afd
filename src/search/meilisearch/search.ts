import type { Index } from 'meilisearch'
import type { Position, SearchHit, SearchOrder, SearchRequest } from '../engine/search-index.ts'
import { meiliFilter, meiliQuery, wholeAttributes } from './query.ts'

interface FoundDocument {
  id: string
  conversationId: string
  seq: number
  order: number
}

/** One query of Meilisearch. */
interface EngineQuery {
  words: string
  /** Attributes to search; all by default. */
  attributes?: string[]
}

/** Hits of equal score. Whole words come first, then beginnings of words, then everything else. */
interface Tier {
  score: number
  queries: EngineQuery[]
}

// Most documents with an equal sort key, which may be on both sides of a page boundary.
const tiesMax = 5
const stride = 200

/** An order by time has one tier. */
function tiersOf({ query, order }: SearchRequest): Tier[] {
  if (query === null) return [{ score: 0, queries: [{ words: '' }] }]
  const { whole, starts, part, typo } = meiliQuery(query)
  const inexact = [part, typo].filter((words) => words !== null).map((words) => ({ words }))
  if (order !== 'RELEVANCE') return [{ score: 0, queries: [{ words: starts }, ...inexact] }]
  return [
    { score: 2, queries: [{ words: whole, attributes: wholeAttributes }] },
    { score: 1, queries: [{ words: starts }] },
    { score: 0, queries: inexact },
  ]
}

/**
 * The hits of each tier in order of time. Pages continue from a sort key, not from an offset, which would shift with every
 * new message.
 */
export async function searchInTiers(
  index: Index,
  request: SearchRequest,
  after: Position | null,
  limit: number,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = []
  const before: Tier[] = []
  const search = { index, filter: meiliFilter(request.filter), order: request.order }
  for (const tier of tiersOf(request)) {
    if (hits.length < limit && (after === null || after[0] >= tier.score))
      hits.push(...(await searchTier({ ...search, tier, before }, after, limit - hits.length)))
    before.push(tier)
  }
  return hits
}

interface Among {
  index: Index
  filter: string[]
  order: SearchOrder
}

interface TierSearch extends Among {
  tier: Tier
  /** Earlier tiers, whose hits are not repeated. */
  before: readonly Tier[]
}

async function searchTier(
  { tier, before, ...search }: TierSearch,
  after: Position | null,
  limit: number,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = []
  const strideMax = before.length === 0 ? limit : stride
  let position = after !== null && after[0] === tier.score ? after : null
  while (tier.queries.length > 0 && hits.length < limit) {
    const { found, complete } = await runTier(search, tier, position, strideMax)
    let fresh = found
    for (const earlier of before) fresh = await without(search, earlier, fresh)
    hits.push(...fresh)
    if (complete) break
    position = found.at(-1)?.position ?? null
  }
  return hits.slice(0, limit)
}

/** The merged hits of all queries of a tier, up to the end of the shortest result. */
async function runTier(
  search: Among,
  { score, queries }: Tier,
  after: Position | null,
  limit: number,
): Promise<{ found: SearchHit[]; complete: boolean }> {
  const results = await Promise.all(queries.map((query) => runQuery(search, query, score, after, limit)))
  const compare = comparing(search.order)
  const full = results.filter((result) => result.length >= limit)
  const known = new Map(results.flat().map((hit) => [hit.position[2], hit]))
  const sorted = [...known.values()].sort((one, other) => compare(one.position, other.position))
  // A full result may have more hits after its end.
  const ends = full.map((result) => result.at(-1)?.position).filter((end) => end !== undefined)
  const found = sorted.filter((hit) => ends.every((end) => compare(hit.position, end) <= 0))
  return { found, complete: full.length === 0 }
}

async function runQuery(
  { index, filter, order }: Among,
  { words, attributes }: EngineQuery,
  score: number,
  after: Position | null,
  limit: number,
): Promise<SearchHit[]> {
  const isRising = order === 'OLDEST_FIRST'
  const compare = comparing(order)
  const { hits } = await index.search<FoundDocument>(words, {
    filter: after ? [...filter, `order ${isRising ? '>=' : '<='} ${after[1]}`] : filter,
    sort: [`order:${isRising ? 'asc' : 'desc'}`],
    limit: limit + tiesMax,
    matchingStrategy: 'all',
    attributesToRetrieve: ['id', 'conversationId', 'seq', 'order'],
    ...(attributes ? { attributesToSearchOn: attributes } : {}),
  })
  return hits
    .map(({ id, conversationId, seq, order: at }) => ({
      conversationId,
      seq,
      position: [score, at, id] as Position,
    }))
    .sort((one, other) => compare(one.position, other.position))
    .filter((hit) => !after || compare(hit.position, after) > 0)
    .slice(0, limit)
}

/** The hits that an earlier tier has not found. */
async function without(search: Among, tier: Tier, hits: SearchHit[]): Promise<SearchHit[]> {
  if (hits.length === 0) return []
  const these = `order IN [${hits.map((hit) => hit.position[1]).join(', ')}]`
  const filter = [...search.filter, these]
  const { found } = await runTier({ ...search, filter }, tier, null, hits.length + tiesMax)
  const ids = new Set(found.map((hit) => hit.position[2]))
  return hits.filter((hit) => !ids.has(hit.position[2]))
}

type Compare = (one: Position, other: Position) => number

/** Positive when the first comes after the second: sort key and id are descending, or ascending for the oldest first. */
const comparing = (order: SearchOrder): Compare =>
  order === 'OLDEST_FIRST' ? (one, other) => -compareFalling(one, other) : compareFalling

function compareFalling([, order, id]: Position, [, otherOrder, otherId]: Position): number {
  if (order !== otherOrder) return otherOrder - order
  return id < otherId ? 1 : id > otherId ? -1 : 0
}
