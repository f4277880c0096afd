import { appendSystemMessage } from '../../conversation/system-message.ts'
import type { Tx } from '../../transaction.ts'
import { announcePendingTo } from '../join-request-store.ts'

/** Makes a member the owner and the previous owner an admin. Requires the group's lock. */
export async function transferOwnership(tx: Tx, groupId: string, from: string, to: string): Promise<void> {
  await tx.sql.query(
    // No role can lift a mute of the owner.
    `update membership m
     set role = k.role::group_role, muted_until = case when k.role = 'OWNER' then null else m.muted_until end
     from (values ($2, 'ADMIN'), ($3, 'OWNER')) as k (user_id, role)
     where m.conversation_id = $1 and m.user_id = k.user_id`,
    [groupId, from, to],
  )
  await tx.sql.query(`update group_conversation set owner_id = $2 where conversation_id = $1`, [groupId, to])
  await appendSystemMessage(tx, groupId, { event: 'OWNER_CHANGED', actorId: from, subjectIds: [to] })
  await announcePendingTo(tx, groupId, to)
  for (const userId of [from, to]) tx.announce({ userId, kind: 'conversation', subjectId: groupId })
}
