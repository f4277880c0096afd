import type pg from 'pg'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { timeKey } from '../../platform/graphql/page.ts'
import { documentFormat, type SearchDocument } from '../document.ts'
import type { Position, SearchFilter, SearchHit, SearchIndex } from '../engine.ts'
import { postgresQuery, postgresWords } from './query.ts'

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

// The conversations are an array and no join: joined, each of them would search the index of words on its own.
const filtered = `
  s.conversation_id = any($1::text[])
  and not exists (
    select from unnest($2::text[], $3::integer[]) as late (conversation_id, from_seq)
    where late.conversation_id = s.conversation_id and s.seq < late.from_seq)
  and ($4::text[] is null or s.sender_id = any($4)) and ($5::message_kind[] is null or s.kind = any($5))
  and ($6::timestamptz is null or s.sent_at >= $6) and ($7::timestamptz is null or s.sent_at < $7)`

const page = (score: string, wanted: string) => `
  select conversation_id as "conversationId", seq, score, at, id from (
    select s.conversation_id, s.seq, s.message_id as id, ${score} as score,
           ${timeKey('s.sent_at')} as at
    from message_search s
    where ${filtered} and ${wanted}
  ) found
  where $8::float8 is null or (score, at, id) < ($8::float8, $9::float8, $10::text)
  order by score desc, at desc, id desc limit $11`

const direct = page(
  `(1 + (s.words @@ $13::tsquery)::integer * 2 + (strpos(s.text, $14) > 0)::integer)`,
  `s.words @@ $12::tsquery`,
)

// The parts and near misses of the longest word that may have some; the messages themselves decide.
const inexact = page(
  '0',
  `(s.text like $13 or s.text %> $14) and ($15 = '' or s.words @@ $15::tsquery) and not s.words @@ $12::tsquery`,
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
      const rows = await unprepared<HitRow>(client, inexact, params)
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
          : await unprepared<HitRow>(pool, direct, [
              ...among,
              ...keyset(after),
              limit,
              loose,
              whole,
              query.phrase,
            ])
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

// A prepared statement may be planned once for all, and a frequent word wants another plan than a rare one.
async function unprepared<Row>(connection: pg.Pool | pg.PoolClient, text: string, params: unknown[]) {
  return (await connection.query(text, params)).rows as Row[]
}

const toHit = ({ conversationId, seq, score, at, id }: HitRow): SearchHit => ({
  conversationId,
  seq,
  position: [score, at, id],
})

const keyset = (after: Position | null) => after ?? [null, null, null]

function filterParams({ scopes, senderIds, kinds, sentAfter, sentBefore }: SearchFilter): unknown[] {
  const late = scopes.filter((scope) => scope.fromSeq > 1)
  return [
    scopes.map((scope) => scope.conversationId),
    late.map((scope) => scope.conversationId),
    late.map((scope) => scope.fromSeq),
    senderIds,
    kinds,
    sentAfter,
    sentBefore,
  ]
}

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
