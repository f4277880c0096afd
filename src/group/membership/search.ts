import { foldedUserName } from '../../account/folded-name.ts'
import { foldedNickname } from '../../conversation/folded-nickname.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** Fewer characters than the index of names is made of. */
const indexedLength = 3
/** More people than that bear a name: it is quicker then to go through the group until a page is full. */
const candidatesMax = 2_000

const candidates = `
  select id from (
    select u.id from "user" u where ${foldedUserName} like $2
    union
    select u.id from "user" u
    where u.deleted_at is null and u.handle ~>=~ $3 and u.handle ~<~ ($3 || chr(1114111))
    union
    select m.user_id from membership m
    where m.conversation_id = $1 and m.nickname is not null and strpos(${foldedNickname}, $3) > 0
  ) named limit ${candidatesMax + 1}`

/**
 * The people of that name, whether they are in the group or not, or null when the group itself is to be gone through:
 * in a group of a hundred thousand a rare name would be looked for in every one of them.
 */
export async function findCandidates(sql: Sql, groupId: string, query: string): Promise<string[] | null> {
  if ([...query].length < indexedLength) return null
  const pattern = `%${query.replace(/[\\%_]/g, '\\$&')}%`
  const rows = await sql.query<{ id: string }>(candidates, [groupId, pattern, query])
  return rows.length > candidatesMax ? null : rows.map((row) => row.id)
}
