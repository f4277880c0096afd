import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import { beginHistory } from '../../platform/db/history.ts'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { type Database, withClient } from '../access/database.ts'
import { columnList, readTables, type Table, tableName, titleOf } from './tables.ts'

/** Where the rows of a table come from; null if the source lacks the table. Throws if its rows turn out to be damaged. */
export type Source = (table: Table) => Promise<{ stream: Readable; rows(): number } | null>

/** Throws unless the database has no users, conversations and uploads. */
export async function requireEmpty(database: Database): Promise<void> {
  await withClient(database, async (client) => {
    const tables = await readTables(poolSql(client))
    for (const table of tables.filter(({ name }) => ['user', 'conversation', 'media'].includes(name)))
      if (await hasRows(client, table))
        throw new OperatorError(
          `${database.description} is not empty (${titleOf(table)}): create a new database, and set DATABASE_URL or DATA_DIR to it.`,
        )
  })
}

async function hasRows(client: pg.Client, table: Table): Promise<boolean> {
  const { rowCount } = await client.query(`select from ${tableName(table)} limit 1`)
  return rowCount === 1
}

/** Fills a migrated, empty database in one transaction. A new history begins: cursors of later changes are refused. */
export async function loadTables(
  database: Pick<Database, 'connection'>,
  source: Source,
  progress: (table: string, done: number, all: number) => void,
): Promise<{ rows: number }> {
  return withClient(database, async (client) => {
    const sql = poolSql(client)
    const tables = await readTables(sql)
    let rows = 0
    await client.query('begin')
    for (const [index, table] of tables.entries()) {
      progress(titleOf(table), index, tables.length)
      rows += await load(client, table, source)
    }
    await advanceSequences(sql)
    for (const table of tables) await endLeases(sql, table)
    await leaveHistory(sql)
    await client.query('commit')
    // Without statistics the first queries would read whole tables.
    await client.query('analyze')
    return { rows }
  })
}

async function load(client: pg.Client, table: Table, source: Source): Promise<number> {
  // Migrations insert a few rows, such as the topics of the outbox.
  if (await hasRows(client, table)) await client.query(`delete from ${tableName(table)}`)
  const found = await source(table)
  if (!found) return 0
  const target = client.query(from(`copy ${tableName(table)} (${columnList(table)}) from stdin`))
  await pipeline(found.stream, target)
  if (target.rowCount !== found.rows())
    throw new OperatorError(
      `${titleOf(table)} has ${target.rowCount} rows instead of ${found.rows()}; nothing was restored.`,
    )
  return target.rowCount
}

const sequences = `
  select format('select setval(%L, max(%I)) from %I.%I having max(%I) is not null',
                s.oid::regclass, a.attname, n.nspname, t.relname, a.attname) as statement
  from pg_class s
  join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  join pg_class t on t.oid = d.refobjid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
  where s.relkind = 'S' and n.nspname in (current_schema(), 'graphile_worker')`

async function advanceSequences(sql: Sql): Promise<void> {
  for (const { statement } of await sql.query<{ statement: string }>(sequences)) await sql.query(statement)
}

/** Ends the leases of the servers that worked on the source, which may still be running on it. */
async function endLeases(sql: Sql, table: Table): Promise<void> {
  const has = (...columns: string[]) => columns.every((column) => table.columns.includes(column))
  if (has('owner', 'due_at'))
    await sql.query(
      `update ${tableName(table)} set owner = null, due_at = least(due_at, clock_timestamp()) where owner is not null`,
    )
  if (has('locked_by', 'locked_at'))
    await sql.query(
      `update ${tableName(table)} set locked_by = null, locked_at = null where locked_by is not null`,
    )
}

// The copied histories may look as if they were of this database: a new cluster repeats the oids of the old one.
const disown = 'update history set table_oid = -ordinal'

async function leaveHistory(sql: Sql): Promise<void> {
  await sql.query(disown)
  await beginHistory(sql)
}
