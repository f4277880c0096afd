import type pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { poolSql } from '../platform/db/sql.ts'
import type { SearchIndex } from './engine.ts'
import { createMeiliIndex } from './meilisearch/index.ts'
import { createPostgresIndex, forgetPostgresIndex } from './postgres/index.ts'

/** Meilisearch where there is one, and PostgreSQL otherwise. */
export async function openSearchIndex(
  config: Config,
  pool: pg.Pool,
  databaseId: string,
  log: Logger,
): Promise<SearchIndex> {
  const { meiliUrl: url, meiliKey: key, meiliIndex: uid } = config
  if (!url) return createPostgresIndex(pool)
  await forgetPostgresIndex(poolSql(pool))
  return createMeiliIndex({ url, key, uid, databaseId, log })
}
