import type pg from 'pg'
import type { Logger } from 'pino'
import { poolSql, type Sql } from '../platform/db/sql.ts'
import { foldName } from '../platform/language/folding/name.ts'
import { createPoller, type Poller } from '../platform/poller.ts'

// Names stored by an older server, by hand or before a change of the folding have no folded form.
const foldings = [
  {
    read: `select array[id] as key, display_name as name from "user" where folded_name is null order by id limit $1`,
    write: `
      with found as (
        select u.id, k.folded from "user" u
        join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k (id, other, name, folded) on u.id = k.id
        where u.folded_name is null and u.display_name = k.name order by u.id for no key update of u skip locked
      )
      update "user" u set folded_name = found.folded from found where u.id = found.id`,
  },
  {
    read: `
      select array[conversation_id, user_id] as key, nickname as name from membership
      where nickname is not null and folded_nickname is null order by conversation_id, user_id limit $1`,
    write: `
      with found as (
        select m.conversation_id, m.user_id, k.folded from membership m
        join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k (conversation_id, user_id, name, folded)
          on m.conversation_id = k.conversation_id and m.user_id = k.user_id
        where m.folded_nickname is null and m.nickname = k.name
        order by m.conversation_id, m.user_id for no key update of m skip locked
      )
      update membership m set folded_nickname = found.folded from found
      where m.conversation_id = found.conversation_id and m.user_id = found.user_id`,
  },
  {
    read: `
      select array[conversation_id] as key, name from group_conversation where folded_name is null
      order by conversation_id limit $1`,
    write: `
      with found as (
        select g.conversation_id, k.folded from group_conversation g
        join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k (id, other, name, folded)
          on g.conversation_id = k.id
        where g.folded_name is null and g.name = k.name
        order by g.conversation_id for no key update of g skip locked
      )
      update group_conversation g set folded_name = found.folded from found
      where g.conversation_id = found.conversation_id`,
  },
  {
    read: `
      select array[user_id, friend_id] as key, remark as name from friendship
      where remark is not null and folded_remark is null order by user_id, friend_id limit $1`,
    write: `
      with found as (
        select f.id, k.folded from friendship f
        join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k (user_id, friend_id, name, folded)
          on f.user_id = k.user_id and f.friend_id = k.friend_id
        where f.folded_remark is null and f.remark = k.name order by f.id for no key update of f skip locked
      )
      update friendship f set folded_remark = found.folded from found where f.id = found.id`,
  },
]

const batchMax = 500
const pollMs = 10_000

/** Folds a batch of the names that have no folded form. Returns the number of names read. */
export async function foldNames(sql: Sql): Promise<number> {
  let count = 0
  for (const { read, write } of foldings) {
    const rows = await sql.query<{ key: string[]; name: string }>(read, [batchMax])
    if (rows.length === 0) continue
    await sql.query(write, [
      rows.map(({ key }) => key[0]),
      rows.map(({ key }) => key[1] ?? ''),
      rows.map(({ name }) => name),
      rows.map(({ name }) => foldName(name)),
    ])
    count += rows.length
  }
  return count
}

/** Folds names in the background. */
export function startNameFolding(parts: { pool: pg.Pool; log: Logger }): Poller {
  const sql = poolSql(parts.pool)
  const turn = async () => ((await foldNames(sql)) > 0 ? 100 : pollMs)
  return createPoller({ turn, log: parts.log, failure: 'folding names for search failed' })
}
