import { processBatch, releaseOnFailure } from '../../conversation/outbox/batches.ts'
import {
  type Claim,
  type Consumer,
  createConsumer,
  type Processed,
} from '../../conversation/outbox/consumer.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type Behind, readChanged } from './changed.ts'
import { type Indexing, toDocuments } from './documents.ts'

const conversationsMax = 20
/** Outbox topic of the index that serves. */
export const searchTopic = 'search'

// Longer than the index may take to apply a batch.
const leaseSeconds = 90

export const searchConsumer = (sql: Sql, topic = searchTopic): Consumer =>
  createConsumer(sql, { topic, leaseSeconds, order: 'BY_ID' })

const readBehind = `
  select c.id as "conversationId", coalesce(p.version, 0) as "indexedVersion", c.version
  from conversation c left join search_progress p on p.generation = $1 and p.conversation_id = c.id
  where c.id = any($2::text[])`

const readNext = `
  select c.id as "conversationId", c.version
  from conversation c left join search_progress p on p.generation = $1 and p.conversation_id = c.id
  where c.id > $2 and c.version > coalesce(p.version, 0) order by c.id limit ${conversationsMax}`

const advance = `
  insert into search_progress (generation, conversation_id, version)
  select $1, r.conversation_id, r.version from unnest($2::text[], $3::integer[]) as r (conversation_id, version)
  order by r.conversation_id
  on conflict (generation, conversation_id) do update
    set version = greatest(search_progress.version, excluded.version)`

/** Marks every conversation that this generation of the index does not contain completely. */
export async function markOutdated(sql: Sql, generation: string): Promise<void> {
  await sql.query(
    `insert into outbox_mark (topic, conversation_id, version)
     select '${searchTopic}', c.id, c.version from conversation c
     left join search_progress p on p.generation = $1 and p.conversation_id = c.id
     where c.version > coalesce(p.version, 0)
     on conflict do nothing`,
    [generation],
  )
}

/** Indexes a batch of marked conversations. Returns how many; some may have more messages to index. */
export async function indexBatch(
  sql: Sql,
  consumer: Consumer,
  search: Indexing,
  generation: string,
): Promise<number> {
  let claimed = 0
  await processBatch(consumer, conversationsMax, (claims) => {
    claimed = claims.length
    return indexClaims(sql, search, generation, claims)
  })
  return claimed
}

/**
 * Indexes the next conversations by id, marked or not. The returned `after` is where to continue: unchanged while one of
 * them is unfinished, null at the end.
 */
export async function indexNext(
  sql: Sql,
  consumer: Consumer,
  search: Indexing,
  generation: string,
  after: string,
): Promise<{ count: number; after: string | null }> {
  const next = await sql.query<{ conversationId: string; version: number }>(readNext, [generation, after])
  const last = next.at(-1)
  if (!last) return { count: 0, after: null }
  const claims = await consumer.claimOnly(next.map((each) => each.conversationId))
  const reached = await releaseOnFailure(consumer, claims, () => indexClaims(sql, search, generation, claims))
  await consumer.complete(reached)
  const versions = new Map(next.map((each) => [each.conversationId, each.version]))
  const isFinished = reached.every((each) => each.version >= (versions.get(each.conversationId) ?? 0))
  return { count: reached.length, after: isFinished ? last.conversationId : after }
}

async function indexClaims(
  sql: Sql,
  search: Indexing,
  generation: string,
  claims: Claim[],
): Promise<Processed[]> {
  if (claims.length === 0) return []
  const ids = claims.map((each) => each.conversationId)
  const behind = await sql.query<Behind>(readBehind, [generation, ids])
  const { rows, reached: versions } = await readChanged(sql, behind)
  const { documents, removedIds } = await toDocuments(search, rows)
  await search.index.apply(documents, removedIds)
  const reached = behind.map(({ conversationId, indexedVersion }, place) => ({
    conversationId,
    version: versions[place] ?? indexedVersion,
  }))
  await sql.query(advance, [
    generation,
    reached.map((each) => each.conversationId),
    reached.map((each) => each.version),
  ])
  return reached
}
