import { setImmediate as breathe } from 'node:timers/promises'
import type { Sql } from '../../platform/db/sql.ts'
import { type SearchableRow, type SearchDocument, toDocument } from '../document.ts'
import type { SearchIndex } from '../engine.ts'

/** A conversation in hand: how far it is in the index, and how far it has come since. */
interface Behind {
  conversationId: string
  indexedVersion: number
  version: number
  /** Of those in hand, the last by its id. */
  last: string
}

const conversationsMax = 20
const messagesMax = 500
/** The outbox marks that are for search. */
export const searchTopic = 'search'

// Longer than an index may take to apply a batch.
const leaseSeconds = 90

// Every change of a conversation leaves a mark; a generation that never saw it begins at nothing.
const begin = `
  insert into search_progress (generation, conversation_id)
  select distinct $1, conversation_id from outbox_mark k
  where topic = '${searchTopic}' and not exists (
    select from search_progress p where p.generation = $1 and p.conversation_id = k.conversation_id)
  order by conversation_id limit 1000
  on conflict do nothing`

// Materialised: a limit in a subquery that is joined may be drawn again for each row, and then everything is claimed.
const claim = (due: string) => `
  with due as materialized (
    select q.conversation_id, c.version from search_progress q join conversation c on c.id = q.conversation_id
    where q.generation = $1 and (q.leased_until is null or q.leased_until < clock_timestamp()) and ${due}
    order by q.conversation_id limit ${conversationsMax} for no key update of q skip locked
  ), claimed as (
    update search_progress p set leased_until = clock_timestamp() + interval '${leaseSeconds} seconds'
    from due where p.generation = $1 and p.conversation_id = due.conversation_id
    returning p.conversation_id, p.version as indexed_version, due.version
  )
  select conversation_id as "conversationId", indexed_version as "indexedVersion", version,
         max(conversation_id) over () as last
  from claimed`

const claimNext = claim('q.conversation_id > $2 and c.version > q.version')
const claimMarked = claim(
  `q.conversation_id in (select conversation_id from outbox_mark where topic = '${searchTopic}')`,
)

const changed = `
  select m.* from unnest($1::text[], $2::integer[]) as k (conversation_id, version)
  cross join lateral (
    select s.id, s.conversation_id as "conversationId", s.seq, s.version, s.sender_id as "senderId",
           s.kind::text as kind, s.content, s.sent_at as "sentAt", s.recalled_at as "recalledAt"
    from message s where s.conversation_id = k.conversation_id and s.version > k.version
    order by s.version limit ${messagesMax}
  ) m`

const advance = `
  update search_progress p set version = greatest(p.version, r.version), leased_until = null
  from unnest($2::text[], $3::integer[]) as r (conversation_id, version)
  where p.generation = $1 and p.conversation_id = r.conversation_id`

const clear = `
  delete from outbox_mark k using unnest($1::text[], $2::integer[]) as r (conversation_id, version)
  where k.topic = '${searchTopic}' and k.conversation_id = r.conversation_id and k.version <= r.version`

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

/**
 * Takes some conversations that nobody else has in hand and brings the index up to them. Returns how many messages
 * and conversations that were: 0 when there is nothing to do.
 */
export async function indexBatch(sql: Sql, index: SearchIndex, generation: string): Promise<number> {
  await sql.query(begin, [generation])
  const behind = await sql.query<Behind>(claimMarked, [generation])
  if (behind.length === 0) return 0
  const { count, reached } = await bringUp(sql, index, generation, behind)
  await sql.query(clear, [behind.map((each) => each.conversationId), reached])
  return count
}

/** Lists every conversation for a generation that is filled from the beginning. */
export async function beginEverything(sql: Sql, generation: string): Promise<void> {
  await sql.query(
    `insert into search_progress (generation, conversation_id) select $1, id from conversation on conflict do nothing`,
    [generation],
  )
}

/**
 * The same for the conversations that come next by their id, whether they are marked or not. `finishedUpTo` is null
 * when one of them is not done yet.
 */
export async function indexNext(sql: Sql, index: SearchIndex, generation: string, after: string) {
  const behind = await sql.query<Behind>(claimNext, [generation, after])
  if (behind.length === 0) return { count: 0, finishedUpTo: null }
  const { count, reached } = await bringUp(sql, index, generation, behind)
  const finished = behind.every((each, place) => (reached[place] ?? 0) >= each.version)
  return { count, finishedUpTo: finished ? (behind[0]?.last ?? null) : null }
}

async function bringUp(sql: Sql, index: SearchIndex, generation: string, behind: Behind[]) {
  const ids = behind.map((each) => each.conversationId)
  const before = behind.map((each) => each.indexedVersion)
  try {
    const rows = await sql.query<SearchableRow>(changed, [ids, before])
    const { documents, removedIds } = await toDocuments(rows)
    await index.apply(documents, removedIds)
    const reached = behind.map((each) => versionReached(each, rows))
    await sql.query(advance, [generation, ids, reached])
    return { count: behind.length + rows.length, reached }
  } catch (error) {
    // Whoever is next need not wait for the lease to end; a database that is away ends it anyway.
    await sql.query(advance, [generation, ids, before]).catch(() => {})
    throw error
  }
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
