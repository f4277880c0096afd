import type pg from 'pg'
import { poolSql, type Sql } from '../platform/db/sql.ts'
import { documentFormat, type SearchDocument } from './document.ts'
import { postgresQuery, postgresWords } from './postgres-query.ts'
import type { Position, SearchFilter, SearchHit, SearchIndex } from './search-index.ts'

const put = `
  insert into message_search (message_id, conversation_id, seq, sender_id, kind, sent_at, version, text, words)
  select id, conversation_id, seq, sender_id, kind, sent_at, version, text, words::tsvector
  from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::message_kind[], $6::timestamptz[],
              $7::integer[], $8::text[], $9::text[])
    as d (id, conversation_id, seq, sender_id, kind, sent_at, version, text, words)
  order by id
  on conflict (message_id) do update
  set kind = excluded.kind, version = excluded.version, text = excluded.text, words = excluded.words
  where message_search.version <= excluded.version`

const filtered = `
  s.conversation_id = scope.conversation_id and s.seq >= scope.from_seq
  and ($3::text[] is null or s.sender_id = any($3)) and ($4::message_kind[] is null or s.kind = any($4))
  and ($5::timestamptz is null or s.sent_at >= $5) and ($6::timestamptz is null or s.sent_at < $6)`

const page = (score: string, wanted: string) => `
  select conversation_id as "conversationId", seq, score, at, id from (
    select s.conversation_id, s.seq, s.message_id as id, ${score} as score,
           (extract(epoch from s.sent_at) * 1000)::float8 as at
    from message_search s, unnest($1::text[], $2::integer[]) as scope (conversation_id, from_seq)
    where ${filtered} and ${wanted}
  ) found
  where $7::float8 is null or (score, at, id) < ($7::float8, $8::float8, $9::text)
  order by score desc, at desc, id desc limit $10`

const direct = page(
  `(1 + (s.words @@ $12::tsquery)::integer * 2 + (strpos(s.text, $13) > 0)::integer)`,
  `s.words @@ $11::tsquery`,
)

// The parts and near misses of the longest word that may have some; the messages themselves decide.
const inexact = page(
  '0',
  `(s.text like $12 or s.text %> $13) and ($14 = '' or s.words @@ $14::tsquery) and not s.words @@ $11::tsquery`,
)

const family = 'postgres '

/** An index that nobody follows any more would keep what was recalled since. */
export async function forgetPostgresIndex(sql: Sql): Promise<void> {
  const [used] = await sql.query(`select from search_progress where starts_with(generation, $1) limit 1`, [
    family,
  ])
  if (!used) return
  await sql.query('truncate message_search')
  await sql.query('delete from search_progress where starts_with(generation, $1)', [family])
}

type HitRow = { conversationId: string; seq: number; score: number; at: number; id: string }

/** The embedded index: a table beside the messages. */
export function createPostgresIndex(pool: pg.Pool): SearchIndex {
  const sql = poolSql(pool)

  async function inexactHits(params: unknown[]): Promise<HitRow[]> {
    const client = await pool.connect()
    try {
      await client.query('begin; set local pg_trgm.word_similarity_threshold = 0.4')
      const rows = await poolSql(client).query<HitRow>(inexact, params)
      await client.query('commit')
      client.release()
      return rows
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  return {
    description: 'PostgreSQL',
    prepare: async () => family + documentFormat,

    async apply(documents, removedIds) {
      if (documents.length > 0) await sql.query(put, columns(documents))
      if (removedIds.length > 0)
        await sql.query('delete from message_search where message_id = any($1)', [removedIds])
    },

    async search(query, filter, after, limit) {
      const { loose, whole, strict, fuzzy } = postgresQuery(query)
      const among = filterParams(filter)
      const rows =
        after && after[0] < 1
          ? []
          : await sql.query<HitRow>(direct, [...among, ...keyset(after), limit, loose, whole, query.phrase])
      if (rows.length < limit && fuzzy !== null) {
        const rest = after && after[0] < 1 ? after : null
        const pattern = `%${fuzzy.replace(/[\\%_]/g, '\\$&')}%`
        const params = [...among, ...keyset(rest), limit - rows.length, loose, pattern, fuzzy, strict]
        rows.push(...(await inexactHits(params)))
      }
      return rows.map(toHit)
    },
  }
}

const toHit = ({ conversationId, seq, score, at, id }: HitRow): SearchHit => ({
  conversationId,
  seq,
  position: [score, at, id],
})

const keyset = (after: Position | null) => after ?? [null, null, null]

const filterParams = ({ scopes, senderIds, kinds, sentAfter, sentBefore }: SearchFilter): unknown[] => [
  scopes.map((scope) => scope.conversationId),
  scopes.map((scope) => scope.fromSeq),
  senderIds,
  kinds,
  sentAfter,
  sentBefore,
]

const columns = (documents: SearchDocument[]): unknown[][] => [
  documents.map((document) => document.id),
  documents.map((document) => document.conversationId),
  documents.map((document) => document.seq),
  documents.map((document) => document.senderId),
  documents.map((document) => document.kind),
  documents.map((document) => document.sentAt),
  documents.map((document) => document.version),
  documents.map((document) => document.text),
  documents.map(postgresWords),
]
