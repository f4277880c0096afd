import { foldedUserName } from '../../account/folded-name.ts'
import { foldedNickname } from '../../conversation/folded-names.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** Minimum query length for the trigram index of names. */
const indexedLength = 3
/** With more matches than this, filtering the group's members is faster. */
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
 * Ids of all users whose name matches, members or not; null when the query is too short or matches too many, and the
 * caller filters the members instead. Finds a rare name in a group of 100,000 without reading every member.
 */
export async function findCandidates(sql: Sql, groupId: string, query: string): Promise<string[] | null> {
  if ([...query].length < indexedLength) return null
  const pattern = `%${query.replace(/[\\%_]/g, '\\$&')}%`
  const rows = await sql.query<{ id: string }>(candidates, [groupId, pattern, query])
  return rows.length > candidatesMax ? null : rows.map((row) => row.id)
}
