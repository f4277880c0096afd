import type pg from 'pg'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { documentFormat, type SearchDocument } from '../engine/document.ts'
import type { Position, SearchIndex, SearchRequest } from '../engine/search-index.ts'
import type { Query } from '../text/terms.ts'
import { type PostgresEntry, wordsIn } from './entry.ts'
import { type HitRow, toHit } from './hit-row.ts'
import { keyOf } from './key.ts'
import { readSimilarWords, recordWords } from './lexicon.ts'
import { placesOf, tagOf } from './place.ts'
import { fuzzyWordsOf, similarQuery, startsQuery, wholeQuery } from './query.ts'
import { readPass } from './ranked.ts'
import { vectorOf } from './vector.ts'
import { readWithoutWords } from './without-words.ts'

const put = `
  insert into message_search
    (message_id, conversation_id, conversation_key, seq, sender_id, sender_key, kind, sent_at, version, has_link, words)
  select id, conversation_id, conversation_key, seq, sender_id, sender_key, kind, sent_at, version, has_link,
         words::tsvector
  from unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::text[], $6::integer[], $7::message_kind[],
              $8::timestamptz[], $9::integer[], $10::boolean[], $11::text[])
    as d (id, conversation_id, conversation_key, seq, sender_id, sender_key, kind, sent_at, version, has_link, words)
  order by id
  on conflict (message_id) do update
  set kind = excluded.kind, version = excluded.version, has_link = excluded.has_link, words = excluded.words
  where message_search.version <= excluded.version`

const generationPrefix = 'postgres '

/** Deletes the index, which would otherwise keep messages that were recalled after Meilisearch replaced it. */
export async function deletePostgresIndex(sql: Sql): Promise<void> {
  const [used] = await sql.query(`select from search_progress where starts_with(generation, $1) limit 1`, [
    generationPrefix,
  ])
  if (!used) return
  await sql.query('truncate message_search, search_word')
  await sql.query('delete from search_progress where starts_with(generation, $1)', [generationPrefix])
}

// A search for parts of words and for words with typos ends after this time.
const similarMs = 1_000

/** The search index in a table of PostgreSQL. */
export function createPostgresIndex(pool: pg.Pool): SearchIndex {
  const sql = poolSql(pool)

  /** Whole words first, then beginnings of words, then similar words. */
  async function byRelevance({ query, filter }: Wanted, after: Position | null, limit: number) {
    const places = await placesOf(sql, filter.scopes, 'RELEVANCE')
    const found: HitRow[] = []
    for (const score of [2, 1, 0]) {
      if (found.length >= limit) break
      if (after && after[0] < score) continue
      const texts = await textsOf(query, score)
      if (texts === null) continue
      const position = after && after[0] === score ? after : null
      const part = { ...texts, score, filter, after: position, limit: limit - found.length }
      found.push(
        ...(await readPass(pool, places, { ...part, order: 'RELEVANCE', deadline: deadlineOf(score) })),
      )
    }
    return found
  }

  /** What a score finds, and what it leaves to a higher one; null if it can find nothing. */
  async function textsOf(query: Query, score: number) {
    const [whole, starts] = [wholeQuery(query), startsQuery(query)]
    if (score === 2) return { wanted: `${starts} & ${whole}`, except: '' }
    if (score === 1) return { wanted: starts, except: whole }
    const similar = similarQuery(query, await readSimilarWords(sql, fuzzyWordsOf(query)))
    return similar === starts ? null : { wanted: similar, except: starts }
  }

  async function byTime(
    { query, filter, order }: Wanted,
    after: Position | null,
    limit: number,
  ): Promise<HitRow[]> {
    const places = await placesOf(sql, filter.scopes, order)
    const wanted = similarQuery(query, await readSimilarWords(sql, fuzzyWordsOf(query)))
    const deadline = Number.POSITIVE_INFINITY
    return readPass(pool, places, { wanted, except: '', score: 0, filter, order, after, limit, deadline })
  }

  return {
    description: 'PostgreSQL',
    isExternal: false,
    entryKind: 'postgres',
    prepare: async () => generationPrefix + documentFormat,

    async apply(documents, removedIds) {
      if (documents.length > 0) {
        await sql.query(put, columns(documents))
        await recordWords(
          sql,
          documents.map(({ id, entry }) => ({ id, words: wordsIn((entry as PostgresEntry).spaced) })),
        )
      }
      if (removedIds.length > 0)
        await sql.query('delete from message_search where message_id = any($1)', [removedIds])
    },

    async search({ query, filter, order }, after, limit) {
      if (query === null) return readWithoutWords(sql, filter, order, after, limit)
      const wanted = { query, filter, order }
      const rows = await (order === 'RELEVANCE' ? byRelevance : byTime)(wanted, after, limit)
      return rows.map(toHit)
    },
  }
}

type Wanted = SearchRequest & { query: Query }

const deadlineOf = (score: number) => (score === 0 ? performance.now() + similarMs : Number.POSITIVE_INFINITY)

const columns = (documents: SearchDocument[]): unknown[][] => [
  documents.map((document) => document.id),
  documents.map((document) => document.conversationId),
  documents.map((document) => keyOf(document.conversationId)),
  documents.map((document) => document.seq),
  documents.map((document) => document.senderId),
  documents.map((document) => keyOf(document.senderId)),
  documents.map((document) => document.kind),
  documents.map((document) => document.sentAt),
  documents.map((document) => document.version),
  documents.map((document) => document.hasLink),
  documents.map(({ conversationId, seq, entry }) =>
    vectorOf(tagOf(conversationId, seq), entry as PostgresEntry),
  ),
]
