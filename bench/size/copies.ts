import type { Sql } from '../../src/platform/db/sql.ts'
import { newId } from '../../src/platform/ids.ts'
import { keyOf } from '../../src/search/postgres/key.ts'
import { recordWords } from '../../src/search/postgres/lexicon.ts'
import { tagOf } from '../../src/search/postgres/place.ts'

const copyMessages = `
  insert into message (conversation_id, seq, id, version, ordinal, sender_id, client_message_id, kind, content, sent_at)
  select t.id, m.seq, 'msg_' || md5(t.id || m.seq), m.version, m.ordinal, m.sender_id, 'copy ' || md5(t.id || m.seq),
         m.kind, m.content, m.sent_at
  from unnest($1::text[], $2::text[]) as t (id, source)
  join message m on m.conversation_id = t.source`

const copyNumbers = `
  update conversation c set max_seq = s.max_seq, version = s.version, message_count = s.message_count
  from unnest($1::text[], $2::text[]) as t (id, source) join conversation s on s.id = t.source
  where c.id = t.id`

const copyProgress = `
  insert into search_progress (generation, conversation_id, version)
  select p.generation, t.id, p.version
  from unnest($1::text[], $2::text[]) as t (id, source) join search_progress p on p.conversation_id = t.source`

// The messages of a source are in one place, so one tag is replaced.
const copyEntries = `
  insert into message_search
    (message_id, conversation_id, conversation_key, seq, sender_id, sender_key, kind, sent_at, version, has_link, words)
  select 'msg_' || md5(t.id || s.seq), t.id, t.key, s.seq, s.sender_id, s.sender_key, s.kind, s.sent_at, s.version,
         s.has_link, replace(s.words::text, t.source_tag, t.tag)::tsvector
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[]) as t (id, source, tag, source_tag, key)
  join message_search s on s.conversation_id = t.source`

const batch = 30

/**
 * Copies the messages of conversations to others by SQL: sending them would take an hour. With their entries in the search
 * index, or as if they had none.
 */
export async function copyConversations(
  sql: Sql,
  sources: string[],
  ids: string[],
  withIndex: boolean,
): Promise<void> {
  const restore = await dropIndexes(sql)
  for (let at = 0; at < ids.length; at += batch) {
    const some = ids.slice(at, at + batch)
    const from = some.map((_id, index) => sources[(at + index) % sources.length] as string)
    await sql.query(copyMessages, [some, from])
    await sql.query(copyNumbers, [some, from])
    await sql.query(copyProgress, [some, from])
    if (!withIndex) continue
    const tags = [some, from].map((all) => all.map((id) => tagOf(id, 1)))
    await sql.query(copyEntries, [some, from, ...tags, some.map(keyOf)])
  }
  await restore()
}

/** Built once at the end, indexes take a fifth of the time. The keys of the tables stay. */
async function dropIndexes(sql: Sql): Promise<() => Promise<void>> {
  const indexes = await sql.query<{ name: string; sql: string }>(
    `select indexname as name, indexdef as sql from pg_indexes
     where tablename = 'message' and indexname <> 'message_pkey' or indexname = 'message_search_words_idx'`,
  )
  for (const { name } of indexes) await sql.query(`drop index "${name}"`)
  return async () => {
    for (const index of indexes) await sql.query(index.sql)
  }
}

const syllables = [
  'ba',
  'co',
  'di',
  'fu',
  'ge',
  'ha',
  'ki',
  'lu',
  'mo',
  'ne',
  'pi',
  'ra',
  'su',
  'te',
  'vo',
  'wa',
]

/** Adds words that no message of the copies has, since a large database has more of them. */
export async function addWords(sql: Sql, conversationId: string, count: number): Promise<void> {
  const [owner] = await sql.query<{ id: string }>(
    'select message_id as id from message_search where conversation_id = $1 limit 1',
    [conversationId],
  )
  const word = (number: number) =>
    [12, 8, 4, 0].map((shift) => syllables[(number >> shift) & 15]).join('') + (number >> 16 || '')
  for (let from = 0; from < count; from += 5_000) {
    const words = Array.from({ length: Math.min(5_000, count - from) }, (_, index) => word(from + index))
    await recordWords(sql, [{ id: owner?.id ?? newId(), words }])
  }
}
