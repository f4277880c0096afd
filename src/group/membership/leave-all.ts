import { lockConversations } from '../../conversation/lock.ts'
import { type ConversationRow, conversationColumns } from '../../conversation/store.ts'
import type { Listener } from '../../hooks.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { declineRequestsFrom } from '../join-request-store.ts'
import type { GroupServices } from '../store.ts'
import { transferOwnership } from './ownership.ts'
import { removeAllMembers, removeMember } from './removal.ts'

/**
 * Removes a deleted account from every group and declines its join requests. A group that it owned passes to a
 * successor, or ends when there is none.
 */
export function leaveAllGroups(services: GroupServices): Listener<'accountDeleted'> {
  return async (tx, { userId }) => {
    for (const { conversation, role } of await lockGroupsOf(tx.sql, userId)) {
      const successor = role === 'OWNER' ? await findSuccessor(tx.sql, conversation.id, userId) : null
      if (successor) await transferOwnership(tx, conversation.id, userId, successor)
      if (role === 'OWNER' && !successor) await removeAllMembers(services, tx, conversation, userId)
      else await removeMember(services, tx, conversation, { userId, removedBy: null })
    }
    await declineRequestsFrom(tx, userId)
  }
}

const groupsOf = `array(
  select conversation_id from membership where user_id = $1 and role is not null
  union all
  select conversation_id from join_request where user_id = $1 and status = 'PENDING')`

/** Locks the groups of the user and of their join requests in the order of ids, then reads the memberships that remain. */
async function lockGroupsOf(sql: Sql, userId: string) {
  const locked = await lockConversations(sql, { ids: groupsOf, params: [userId] })
  const rows = await sql.query<ConversationRow & { role: string }>(
    `select ${conversationColumns}, m.role::text as role
     from membership m join conversation c on c.id = m.conversation_id
     where m.user_id = $1 and c.id = any($2::text[]) order by c.id`,
    [userId, [...locked]],
  )
  return rows.map(({ role, ...conversation }) => ({ conversation, role }))
}

/** The longest-standing admin, or else member. */
async function findSuccessor(sql: Sql, groupId: string, ownerId: string): Promise<string | null> {
  const [successor] = await sql.query<{ id: string }>(
    `select user_id as id from membership where conversation_id = $1 and user_id <> $2
     order by role = 'ADMIN' desc, joined_at, user_id limit 1`,
    [groupId, ownerId],
  )
  return successor?.id ?? null
}
