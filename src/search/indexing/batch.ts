import { setImmediate as breathe } from 'node:timers/promises'
import type { Sql } from '../../platform/db/sql.ts'
import { processBatch, releasedOnFailure } from '../../platform/outbox/batches.ts'
import { type Claim, type Consumer, createConsumer, type Reached } from '../../platform/outbox/consumer.ts'
import { type SearchableRow, type SearchDocument, toDocument } from '../document.ts'
import type { SearchIndex } from '../engine.ts'

/** A claimed conversation: how far the index follows it, and how far it has come since. */
interface Behind {
  conversationId: string
  indexedVersion: number
  version: number
}

const conversationsMax = 20
const messagesMax = 500
/** The outbox topic of search. */
export const searchTopic = 'search'

// Longer than an index may take to apply a batch.
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

const changed = `
  select m.* from unnest($1::text[], $2::integer[]) as k (conversation_id, version)
  cross join lateral (
    select s.id, s.conversation_id as "conversationId", s.seq, s.version, s.sender_id as "senderId",
           s.kind::text as kind, s.content, s.sent_at as "sentAt", s.recalled_at as "recalledAt"
    from message s where s.conversation_id = k.conversation_id and s.version > k.version
    order by s.version limit ${messagesMax}
  ) m`

const advance = `
  insert into search_progress (generation, conversation_id, version)
  select $1, r.conversation_id, r.version from unnest($2::text[], $3::integer[]) as r (conversation_id, version)
  order by r.conversation_id
  on conflict (generation, conversation_id) do update
    set version = greatest(search_progress.version, excluded.version)`

/** Leaves a mark for every conversation that this generation of the index does not hold in full. */
export async function markWhatIsBehind(sql: Sql, generation: string): Promise<void> {
  await sql.query(
    `insert into outbox_mark (topic, conversation_id, version)
     select '${searchTopic}', c.id, c.version from conversation c
     left join search_progress p on p.generation = $1 and p.conversation_id = c.id
     where c.version > coalesce(p.version, 0)
     on conflict do nothing`,
    [generation],
  )
}

/** Brings the index up to some conversations that have marks. Returns 0 when none has. */
export function indexBatch(
  sql: Sql,
  consumer: Consumer,
  index: SearchIndex,
  generation: string,
): Promise<number> {
  return processBatch(consumer, conversationsMax, (claims) => bringUp(sql, index, generation, claims))
}

/**
 * Brings the index up to the next conversations by id, whether they have marks or not. `after` is the id to continue
 * after, the same as before while one of them is not finished; null at the end.
 */
export async function indexNext(
  sql: Sql,
  consumer: Consumer,
  index: SearchIndex,
  generation: string,
  after: string,
): Promise<{ count: number; after: string | null }> {
  const next = await sql.query<{ conversationId: string; version: number }>(readNext, [generation, after])
  const last = next.at(-1)
  if (!last) return { count: 0, after: null }
  const claims = await consumer.claimOnly(next.map((each) => each.conversationId))
  const reached = await releasedOnFailure(consumer, claims, () => bringUp(sql, index, generation, claims))
  await consumer.settle(reached)
  const versions = new Map(next.map((each) => [each.conversationId, each.version]))
  const isFinished = reached.every((each) => each.version >= (versions.get(each.conversationId) ?? 0))
  return { count: reached.length, after: isFinished ? last.conversationId : after }
}

async function bringUp(
  sql: Sql,
  index: SearchIndex,
  generation: string,
  claims: Claim[],
): Promise<Reached[]> {
  if (claims.length === 0) return []
  const ids = claims.map((each) => each.conversationId)
  const behind = await sql.query<Behind>(readBehind, [generation, ids])
  const rows = await sql.query<SearchableRow>(changed, [
    behind.map((each) => each.conversationId),
    behind.map((each) => each.indexedVersion),
  ])
  const { documents, removedIds } = await toDocuments(rows)
  await index.apply(documents, removedIds)
  const reached = behind.map((each) => ({
    conversationId: each.conversationId,
    version: versionReached(each, rows),
  }))
  await sql.query(advance, [
    generation,
    reached.map((each) => each.conversationId),
    reached.map((each) => each.version),
  ])
  return reached
}

async function toDocuments(rows: SearchableRow[]) {
  const documents: SearchDocument[] = []
  const removedIds: string[] = []
  for (const [place, row] of rows.entries()) {
    // Cutting words is work: others get their turn in between.
    if (place % 50 === 49) await breathe()
    const document = toDocument(row)
    if (document) documents.push(document)
    else removedIds.push(row.id)
  }
  return { documents, removedIds }
}

function versionReached({ conversationId, version }: Behind, rows: SearchableRow[]): number {
  const own = rows.filter((row) => row.conversationId === conversationId)
  const last = own.at(-1)?.version ?? version
  return own.length < messagesMax ? Math.max(version, last) : last
}
