import type pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { poolSql } from '../platform/db/sql.ts'
import { createMeiliIndex } from './meili-index.ts'
import { createPostgresIndex, forgetPostgresIndex } from './postgres-index.ts'
import type { SearchIndex } from './search-index.ts'

/** Meilisearch where there is one, and PostgreSQL otherwise. */
export async function openSearchIndex(
  config: Config,
  pool: pg.Pool,
  epoch: string,
  log: Logger,
): Promise<SearchIndex> {
  const { meiliUrl: url, meiliKey: key, meiliIndex: uid } = config
  if (!url) return createPostgresIndex(pool)
  await forgetPostgresIndex(poolSql(pool))
  return createMeiliIndex({ url, key, uid, epoch, log })
}
