import pg from 'pg'
import type { Config } from '../config.ts'
import { beginHistory, readDatabaseId } from '../platform/db/history.ts'
import { poolSql } from '../platform/db/sql.ts'
import { createLogger } from '../platform/logger.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { applicationName } from '../platform/postgres/lock.ts'
import { reindex as reindexMessages } from '../search/indexing/reindex.ts'
import type { Input } from './cli/command.ts'
import { bar, type Output } from './cli/output.ts'

/** Fills a new search index from the database and swaps it in while servers keep running. */
export async function reindex(config: Config, _input: Input, output: Output): Promise<number> {
  const { databaseUrl, meiliUrl: url, meiliKey: key, meiliIndex: uid } = config
  if (!databaseUrl || !url)
    throw new OperatorError(
      'DATABASE_URL and MEILI_URL: required. The search index in PostgreSQL is rebuilt by the server when necessary.',
    )
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, application_name: applicationName })
  try {
    const sql = poolSql(pool)
    // As a server does at start: a restored database has no history of its own yet.
    await beginHistory(sql)
    const databaseId = await readDatabaseId(sql)
    const log = createLogger(config)
    let versions = 0
    await reindexMessages(sql, { url, key, uid, databaseId, log }, ({ done, all }) => {
      versions = done
      output.progress(bar(done, all, 'message versions'))
    })
    output.result({ index: uid, versions }, 'The new index serves.')
    return 0
  } finally {
    await pool.end()
  }
}
