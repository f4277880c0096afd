import type { Index } from 'meilisearch'
import type { Position, SearchHit } from '../engine/search-index.ts'
import type { Query } from '../text/terms.ts'
import { meiliQuery, wholeAttributes } from './query.ts'

interface FoundDocument {
  id: string
  conversationId: string
  seq: number
  order: number
}

/** Something to ask the engine. */
interface Question {
  words: string
  /** Where to look; everywhere when left out. */
  attributes?: string[]
}

/** What comes before others in a result: whole words, then beginnings of words, then everything else. */
interface Tier {
  score: number
  questions: Question[]
}

// Of the same order, at most; they lie on both sides of a page's edge.
const tiesMax = 5
const stride = 200

function tiersOf(query: Query): Tier[] {
  const { whole, starts, part, typo } = meiliQuery(query)
  const inexact = [part, typo].filter((words) => words !== null).map((words) => ({ words }))
  return [
    { score: 2, questions: [{ words: whole, attributes: wholeAttributes }] },
    { score: 1, questions: [{ words: starts }] },
    { score: 0, questions: inexact },
  ]
}

/**
 * The hits of each tier, from the latest on. A page goes on from an order and not from an offset, which would slip
 * whenever a message comes or goes.
 */
export async function searchInTiers(
  index: Index,
  query: Query,
  filter: string[],
  after: Position | null,
  limit: number,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = []
  const before: Tier[] = []
  for (const tier of tiersOf(query)) {
    if (hits.length < limit && (after === null || after[0] >= tier.score))
      hits.push(...(await searchTier({ index, filter, tier, before }, after, limit - hits.length)))
    before.push(tier)
  }
  return hits
}

interface TierSearch {
  index: Index
  filter: string[]
  tier: Tier
  /** Whose hits are not to come again. */
  before: readonly Tier[]
}

async function searchTier(
  { index, filter, tier, before }: TierSearch,
  after: Position | null,
  limit: number,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = []
  const strideMax = before.length === 0 ? limit : stride
  let position = after !== null && after[0] === tier.score ? after : null
  while (tier.questions.length > 0 && hits.length < limit) {
    const { found, complete } = await askAll(index, filter, tier, position, strideMax)
    let fresh = found
    for (const earlier of before) fresh = await without(index, filter, earlier, fresh)
    hits.push(...fresh)
    if (complete) break
    position = found.at(-1)?.position ?? null
  }
  return hits.slice(0, limit)
}

/** The hits of all questions of a tier, as far as each of them has been answered. */
async function askAll(
  index: Index,
  filter: string[],
  { score, questions }: Tier,
  after: Position | null,
  limit: number,
): Promise<{ found: SearchHit[]; complete: boolean }> {
  const answers = await Promise.all(
    questions.map((question) => ask(index, filter, question, score, after, limit)),
  )
  const full = answers.filter((answer) => answer.length >= limit)
  const known = new Map(answers.flat().map((hit) => [hit.position[2], hit]))
  const sorted = [...known.values()].sort((one, other) => compare(one.position, other.position))
  // Behind the end of a full answer there may be more of it.
  const ends = full.map((answer) => answer.at(-1)?.position).filter((end) => end !== undefined)
  const found = sorted.filter((hit) => ends.every((end) => compare(hit.position, end) <= 0))
  return { found, complete: full.length === 0 }
}

async function ask(
  index: Index,
  filter: string[],
  { words, attributes }: Question,
  score: number,
  after: Position | null,
  limit: number,
): Promise<SearchHit[]> {
  const { hits } = await index.search<FoundDocument>(words, {
    filter: after ? [...filter, `order <= ${after[1]}`] : filter,
    limit: limit + tiesMax,
    matchingStrategy: 'all',
    attributesToRetrieve: ['id', 'conversationId', 'seq', 'order'],
    ...(attributes ? { attributesToSearchOn: attributes } : {}),
  })
  return hits
    .map(({ id, conversationId, seq, order }) => ({
      conversationId,
      seq,
      position: [score, order, id] as Position,
    }))
    .sort((one, other) => compare(one.position, other.position))
    .filter((hit) => !after || compare(hit.position, after) > 0)
    .slice(0, limit)
}

/** Those hits that an earlier tier has not found already. */
async function without(index: Index, filter: string[], tier: Tier, hits: SearchHit[]): Promise<SearchHit[]> {
  if (hits.length === 0) return []
  const these = `order IN [${hits.map((hit) => hit.position[1]).join(', ')}]`
  const { found } = await askAll(index, [...filter, these], tier, null, hits.length + tiesMax)
  const ids = new Set(found.map((hit) => hit.position[2]))
  return hits.filter((hit) => !ids.has(hit.position[2]))
}

/** Positive when the first comes after the second: order and id both fall. */
function compare([, order, id]: Position, [, otherOrder, otherId]: Position): number {
  if (order !== otherOrder) return otherOrder - order
  return id < otherId ? 1 : id > otherId ? -1 : 0
}
