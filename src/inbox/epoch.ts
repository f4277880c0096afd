import { systemIdentifierSql, timelineSql } from '../platform/db/lock.ts'
import type { Sql } from '../platform/db/sql.ts'
import { newId } from '../platform/ids.ts'

// The statement starts a new epoch when the database is not the one that the last server saw: a restored copy has
// another timeline, a dump that was loaded elsewhere another system identifier.
const settle = `
  with present as (
    select ${systemIdentifierSql} as system_identifier, ${timelineSql} as timeline
  )
  insert into epoch (id, epoch, system_identifier, timeline)
  select 1, $1, system_identifier, timeline from present
  on conflict (id) do update
    set epoch = case when epoch.system_identifier = excluded.system_identifier and epoch.timeline = excluded.timeline
                     then epoch.epoch else excluded.epoch end,
        system_identifier = excluded.system_identifier, timeline = excluded.timeline
  returning epoch`

/** The name of the history that cursors point into. */
export async function settleEpoch(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ epoch: string }>(settle, [newId()])
  return row?.epoch ?? newId()
}

/** The same for who only looks at the database of a server. */
export async function readEpoch(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ epoch: string }>('select epoch from epoch')
  if (!row) throw new Error('No server has ever run on this database.')
  return row.epoch
}
