import type { Listener } from '../../hooks.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Push } from '../push.ts'
import { withdraw } from '../withdrawal.ts'

// Everything of it is past for whoever is out.
const afterLeaving = withdraw(
  'LEFT',
  `select $1::text as conversation_id, u.id as user_id, ${2 ** 31 - 1} as read_seq, null::text as session_id
   from unnest($2::text[]) as u (id)`,
)

/** What the devices of people who are out of a group still show of it is taken away. */
export async function withdrawLeft(
  sql: Sql,
  conversationId: string,
  userIds: readonly string[],
): Promise<void> {
  await sql.query(afterLeaving, [conversationId, userIds])
}

export function withdrawOnDeparture(push: Push): Listener<'membersLeft'> {
  return async (tx, { groupId, userIds }) => {
    if (push.providers.size > 0) await withdrawLeft(tx.sql, groupId, userIds)
  }
}
