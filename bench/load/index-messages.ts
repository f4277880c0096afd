import type pg from 'pg'
import { poolSql } from '../../src/platform/db/sql.ts'
import { indexNext, searchConsumer } from '../../src/search/indexing/batch.ts'
import { createPostgresIndex } from '../../src/search/postgres/search-index.ts'
import { createTextProcessor } from '../../src/search/processing/processor.ts'

/** Fills the index in PostgreSQL without the pauses of a server. */
export async function indexMessages(pool: pg.Pool): Promise<void> {
  const sql = poolSql(pool)
  const index = createPostgresIndex(pool)
  const texts = createTextProcessor()
  const generation = await index.prepare()
  const consumer = searchConsumer(sql)
  for (let after: string | null = ''; after !== null; )
    after = (await indexNext(sql, consumer, { index, texts }, generation, after)).after
  await texts.close()
  await sql.query('analyze message_search')
  await sql.query('analyze search_word')
}
