import type { Index } from 'meilisearch'
import type { Position, SearchHit } from '../engine.ts'
import type { Query } from '../text/terms.ts'
import { looseMeiliQuery, wholeAttributes, wholeMeiliQuery } from './query.ts'

interface FoundDocument {
  id: string
  conversationId: string
  seq: number
  order: number
}

interface Question {
  index: Index
  filter: string[]
  words: string
  /** Where to look; everywhere when left out. */
  attributes?: string[]
}

const scores = { whole: 2, loose: 1 }
// Of the same order, at most; they lie on both sides of a page's edge.
const tiesMax = 5
const stride = 200

/**
 * First the messages that hold the terms as whole words, then all others, each from the latest on. A page goes on
 * from an order and not from an offset, which would slip whenever a message comes or goes.
 */
export async function searchInTiers(
  index: Index,
  query: Query,
  filter: string[],
  after: Position | null,
  limit: number,
): Promise<SearchHit[]> {
  const whole = { index, filter, words: wholeMeiliQuery(query), attributes: wholeAttributes }
  const loose = { index, filter, words: looseMeiliQuery(query) }
  const inFirst = after === null || after[0] >= scores.whole
  const hits = inFirst ? await ask(whole, scores.whole, after, limit) : []
  if (hits.length >= limit) return hits

  let position = inFirst ? null : after
  while (hits.length < limit) {
    const next = await ask(loose, scores.loose, position, stride)
    hits.push(...(await without(whole, next)))
    if (next.length < stride) break
    position = next.at(-1)?.position ?? null
  }
  return hits.slice(0, limit)
}

async function ask(
  { index, filter, words, attributes }: Question,
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

/** Those hits that the whole words have not found already. */
async function without(whole: Question, hits: SearchHit[]): Promise<SearchHit[]> {
  const [first, last] = [hits[0], hits.at(-1)]
  if (!first || !last) return []
  const range = [`order <= ${first.position[1]}`, `order >= ${last.position[1]}`]
  const known = await ask({ ...whole, filter: [...whole.filter, ...range] }, scores.whole, null, hits.length)
  const ids = new Set(known.map((hit) => hit.position[2]))
  return hits.filter((hit) => !ids.has(hit.position[2]))
}

/** Positive when the first comes after the second: order and id both fall. */
function compare([, order, id]: Position, [, otherOrder, otherId]: Position): number {
  if (order !== otherOrder) return otherOrder - order
  return id < otherId ? 1 : id > otherId ? -1 : 0
}
