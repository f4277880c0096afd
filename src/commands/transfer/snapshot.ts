import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import { to } from 'pg-copy-streams'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { type Database, withClient } from '../access/database.ts'
import { columnList, readTables, type Table, tableName } from './tables.ts'

/** All rows of a database at one moment. */
export interface Snapshot {
  sql: Sql
  tables: Table[]
  /** The rows of a table in the text format of COPY. */
  copy(table: Table): ReturnType<typeof to>
}

/** Reads a database in one transaction, so that every row is of the same moment; servers keep writing meanwhile. */
export async function withSnapshot<Result>(
  database: Pick<Database, 'connection'>,
  use: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  return withClient(database, async (client) => {
    const sql = poolSql(client)
    const expected = await readTables(sql)
    await client.query('begin isolation level repeatable read read only')
    // Before the first query, which fixes the moment: a migration may then neither run nor have rewritten a table.
    await lock(client, expected)
    const tables = await readTables(sql)
    if (!isDeepStrictEqual(tables, expected))
      throw new OperatorError('The database was migrated meanwhile: try again.')
    const result = await use({
      sql,
      tables,
      copy: (table) => client.query(to(`copy ${tableName(table)} (${columnList(table)}) to stdout`)),
    })
    await client.query('commit')
    return result
  })
}

async function lock(client: pg.Client, tables: readonly Table[]): Promise<void> {
  if (tables.length === 0)
    throw new OperatorError('The database is empty: start a server on it, or check DATABASE_URL.')
  await client.query(`lock table ${tables.map(tableName).join(', ')} in access share mode`)
}
