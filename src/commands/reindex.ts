import pg from 'pg'
import type { Config } from '../config.ts'
import { beginHistory, readDatabaseId } from '../platform/db/history.ts'
import { poolSql } from '../platform/db/sql.ts'
import { createLogger } from '../platform/logger.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { applicationName } from '../platform/postgres/lock.ts'
import { type Reindexed, reindex as reindexMessages } from '../search/indexing/reindex.ts'

/** Fills a new search index from the database and swaps it in while servers keep running. */
export async function reindex(config: Config): Promise<void> {
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
    await reindexMessages(sql, { url, key, uid, databaseId, log: createLogger(config) }, show)
    process.stdout.write('\nThe new index serves.\n')
  } finally {
    await pool.end()
  }
}

const width = 40

function show({ done, all }: Reindexed): void {
  const part = all === 0 ? 1 : Math.min(1, done / all)
  const bar = '#'.repeat(Math.round(part * width)).padEnd(width, '.')
  const figures = `${Math.floor(part * 100)} %, ${done.toLocaleString('en')} of ${all.toLocaleString('en')}`
  process.stdout.write(process.stdout.isTTY ? `\r[${bar}] ${figures} ` : `${figures}\n`)
}
