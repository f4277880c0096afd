// npm run search:reindex   fills a new search index from the database and swaps it in while servers keep running.

import pg from 'pg'
import { readConfig } from '../src/config.ts'
import { readDatabaseId } from '../src/platform/db/history.ts'
import { poolSql } from '../src/platform/db/sql.ts'
import { createLogger } from '../src/platform/logger.ts'
import { applicationName } from '../src/platform/postgres/lock.ts'
import { type Reindexed, reindex } from '../src/search/indexing/reindex.ts'

const config = readConfig(process.env)
if (!config.databaseUrl || !config.meiliUrl)
  throw new Error(
    'DATABASE_URL and MEILI_URL: required. The index that PostgreSQL itself keeps is renewed by the server when it must be.',
  )

const width = 40

function show({ done, all }: Reindexed): void {
  const part = all === 0 ? 1 : Math.min(1, done / all)
  const bar = '#'.repeat(Math.round(part * width)).padEnd(width, '.')
  const figures = `${Math.floor(part * 100)} %, ${done.toLocaleString('en')} of ${all.toLocaleString('en')}`
  process.stdout.write(process.stdout.isTTY ? `\r[${bar}] ${figures} ` : `${figures}\n`)
}

const pool = new pg.Pool({
  connectionString: config.databaseUrl,
  max: 2,
  application_name: applicationName,
})
const sql = poolSql(pool)
const { meiliUrl: url, meiliKey: key, meiliIndex: uid } = config
await reindex(sql, { url, key, uid, databaseId: await readDatabaseId(sql), log: createLogger(config) }, show)
await pool.end()
process.stdout.write('\nThe new index serves.\n')
