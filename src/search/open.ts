import type pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { poolSql } from '../platform/db/sql.ts'
import type { SearchIndex } from './engine/search-index.ts'
import { createMeiliIndex } from './meilisearch/search-index.ts'
import { createPostgresIndex, deletePostgresIndex } from './postgres/search-index.ts'
import { createTextProcessor, type TextProcessor } from './processing/processor.ts'

export interface Search {
  index: SearchIndex
  texts: TextProcessor
  close(): Promise<void>
}

/** Opens Meilisearch if it is configured, otherwise the index in PostgreSQL. */
export async function openSearch(
  config: Config,
  pool: pg.Pool,
  databaseId: string,
  log: Logger,
): Promise<Search> {
  const index = await openIndex(config, pool, databaseId, log)
  const texts = createTextProcessor()
  return { index, texts, close: () => texts.close() }
}

async function openIndex(
  config: Config,
  pool: pg.Pool,
  databaseId: string,
  log: Logger,
): Promise<SearchIndex> {
  const { meiliUrl: url, meiliKey: key, meiliIndex: uid } = config
  if (!url) return createPostgresIndex(pool)
  await deletePostgresIndex(poolSql(pool))
  return createMeiliIndex({ url, key, uid, databaseId, log })
}
