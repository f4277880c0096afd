import type pg from 'pg'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { timeKey } from '../../platform/graphql/page.ts'
import { documentFormat, type SearchDocument } from '../engine/document.ts'
import type { Position, SearchFilter, SearchIndex, SearchOrder } from '../engine/search-index.ts'
import { type HitRow, toHit } from './hit-row.ts'
import { type PostgresQuery, postgresQuery } from './query.ts'
import { readWithoutWords } from './without-words.ts'

const put = `
  insert into message_search
    (message_id, conversation_id, seq, sender_id, kind, sent_at, version, has_link, words, keys)
  select id, conversation_id, seq, sender_id, kind, sent_at, version, has_link, words::tsvector, keys::integer[]
  from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::message_kind[], $6::timestamptz[],
              $7::integer[], $8::boolean[], $9::text[], $10::text[])
    as d (id, conversation_id, seq, sender_id, kind, sent_at, version, has_link, words, keys)
  order by id
  on conflict (message_id) do update
  set kind = excluded.kind, version = excluded.version, has_link = excluded.has_link, words = excluded.words, keys = excluded.keys
  where message_search.version <= excluded.version`

// The conversations are an array: with a join, each of them would scan the word index separately.
const filtered = `
  s.conversation_id = any($1::text[])
  and not exists (
    select from unnest($2::text[], $3::integer[]) as late (conversation_id, from_seq)
    where late.conversation_id = s.conversation_id and s.seq < late.from_seq)
  and ($4::text[] is null or s.sender_id = any($4)) and ($5::message_kind[] is null or s.kind = any($5))
  and ($6::timestamptz is null or s.sent_at >= $6) and ($7::timestamptz is null or s.sent_at < $7)
  and ($8::boolean is null or s.has_link = $8)
  and ($9::text is null or exists (
    select from mention n
    where n.conversation_id = s.conversation_id and n.seq = s.seq and (n.user_id = $9 or n.user_id is null)))`

const page = (score: string, wanted: string, order: SearchOrder = 'RELEVANCE') => `
  select conversation_id as "conversationId", seq, score, at, id from (
    select s.conversation_id, s.seq, s.message_id as id, ${score} as score,
           ${timeKey('s.sent_at')} as at
    from message_search s
    where ${filtered} and ${wanted}
  ) found
  where $10::float8 is null
    or (score, at, id) ${order === 'OLDEST_FIRST' ? '>' : '<'} ($10::float8, $11::float8, $12::text)
  order by ${order === 'OLDEST_FIRST' ? 'at, id' : 'score desc, at desc, id desc'} limit $13`

const exact = page('(1 + (s.words @@ $15::tsquery)::integer)', 's.words @@ $14::tsquery')

// Candidates in which the longest fuzzy word is a part of another word or has typos; verification decides.
const loosely = `($15 <> '' and s.words @@ $15::tsquery or s.keys @> $16::integer[] or s.keys && $17::integer[])
   and ($18 = '' or s.words @@ $18::tsquery)`

const inexact = page('0', `${loosely} and not s.words @@ $14::tsquery`)

/** Exact and inexact hits together, in an order by time. */
const timed = (order: SearchOrder) => ({
  exact: page('0', 's.words @@ $14::tsquery', order),
  all: page('0', `(s.words @@ $14::tsquery or ${loosely})`, order),
})

const byTime = { NEWEST_FIRST: timed('NEWEST_FIRST'), OLDEST_FIRST: timed('OLDEST_FIRST') }

const generationPrefix = 'postgres '

/** Deletes the index, which would otherwise keep messages that were recalled after Meilisearch replaced it. */
export async function deletePostgresIndex(sql: Sql): Promise<void> {
  const [used] = await sql.query(`select from search_progress where starts_with(generation, $1) limit 1`, [
    generationPrefix,
  ])
  if (!used) return
  await sql.query('truncate message_search')
  await sql.query('delete from search_progress where starts_with(generation, $1)', [generationPrefix])
}

/** The search index in a table of PostgreSQL. */
export function createPostgresIndex(pool: pg.Pool): SearchIndex {
  const sql = poolSql(pool)

  async function readHits(query: PostgresQuery, among: unknown[], after: Position | null, limit: number) {
    const { starts, whole, strict, inexact: word } = query
    const rows: HitRow[] =
      after && after[0] < 1
        ? []
        : await unprepared(pool, exact, [...among, ...keyset(after), limit, starts, whole])
    if (rows.length >= limit || word === null) return rows
    const rest = after && after[0] < 1 ? after : null
    const wanted = [starts, word.starts, word.parts, word.typos, strict]
    rows.push(
      ...(await unprepared<HitRow>(pool, inexact, [
        ...among,
        ...keyset(rest),
        limit - rows.length,
        ...wanted,
      ])),
    )
    return rows
  }

  function readByTime(
    { starts, inexact: word, strict }: PostgresQuery,
    among: unknown[],
    order: Exclude<SearchOrder, 'RELEVANCE'>,
    after: Position | null,
    limit: number,
  ) {
    const params = [...among, ...keyset(after), limit, starts]
    if (word === null) return unprepared<HitRow>(pool, byTime[order].exact, params)
    return unprepared<HitRow>(pool, byTime[order].all, [
      ...params,
      word.starts,
      word.parts,
      word.typos,
      strict,
    ])
  }

  return {
    description: 'PostgreSQL',
    isExternal: false,
    entryKind: 'postgres',
    prepare: async () => generationPrefix + documentFormat,

    async apply(documents, removedIds) {
      if (documents.length > 0) await sql.query(put, columns(documents))
      if (removedIds.length > 0)
        await sql.query('delete from message_search where message_id = any($1)', [removedIds])
    },

    async search({ query, filter, order }, after, limit) {
      if (query === null) return readWithoutWords(sql, filter, order, after, limit)
      const wanted = postgresQuery(query)
      const among = filterParams(filter)
      const rows =
        order === 'RELEVANCE'
          ? await readHits(wanted, among, after, limit)
          : await readByTime(wanted, among, order, after, limit)
      return rows.map(toHit)
    },
  }
}

// A prepared statement may get one generic plan, but frequent and rare words need different plans.
async function unprepared<Row>(pool: pg.Pool, text: string, params: unknown[]) {
  return (await pool.query(text, params)).rows as Row[]
}

const keyset = (after: Position | null) => after ?? [null, null, null]

function filterParams(filter: SearchFilter): unknown[] {
  const { scopes, senderIds, kinds, sentAfter, sentBefore, hasLink, mentioning } = filter
  const late = scopes.filter((scope) => scope.fromSeq > 1)
  return [
    scopes.map((scope) => scope.conversationId),
    late.map((scope) => scope.conversationId),
    late.map((scope) => scope.fromSeq),
    senderIds,
    kinds,
    sentAfter,
    sentBefore,
    hasLink,
    mentioning,
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
  documents.map((document) => document.hasLink),
  documents.map((document) => document.entry.words),
  documents.map((document) => document.entry.keys),
]
