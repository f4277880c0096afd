import type { Context } from '../../context.ts'
import { directConversationId, ensureDirectConversation } from '../../conversation/direct.ts'
import { lockConversationRow } from '../../conversation/lock.ts'
import { appendSystemMessage } from '../../conversation/system-message.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../transaction.ts'

/** Makes two users friends and opens their conversation. Requires the lock of the pair. */
export async function startFriendship(
  ctx: Context,
  tx: Tx,
  requesterId: string,
  accepterId: string,
): Promise<void> {
  await tx.sql.query(`insert into friendship (id, user_id, friend_id) values ($1, $3, $4), ($2, $4, $3)`, [
    newId(),
    newId(),
    requesterId,
    accepterId,
  ])
  const { id, created } = await ensureDirectConversation(tx.sql, requesterId, accepterId)
  await appendSystemMessage(tx, id, {
    event: 'FRIENDSHIP_STARTED',
    actorId: accepterId,
    subjectIds: [requesterId],
  })

  for (const [userId, friendId] of [
    [requesterId, accepterId],
    [accepterId, requesterId],
  ] as const) {
    tx.announce({ userId, kind: 'friendship', subjectId: friendId })
    if (created) tx.announce({ userId, kind: 'conversation', subjectId: id })
  }
  tx.afterCommit(() => ctx.hooks.signal('relationsChanged', { userIds: [requesterId, accepterId] }))
}

/**
 * Ends a friendship for both users, if there is one, and returns the id of the first user's side. Requires the lock of
 * the pair.
 */
export async function endFriendship(tx: Tx, one: string, other: string): Promise<string | null> {
  const conversationId = directConversationId(one, other)
  // Sends check the friendship under this lock, so that a send after the end is refused.
  await lockConversationRow(tx.sql, conversationId)
  const ended = await tx.sql.query<{ id: string; userId: string; friendId: string; remark: string | null }>(
    `delete from friendship where (user_id, friend_id) in (($1, $2), ($2, $1))
     returning id, user_id as "userId", friend_id as "friendId", remark`,
    [one, other],
  )
  for (const { userId, friendId, remark } of ended) {
    tx.announce({ userId, kind: 'friendship', subjectId: friendId, removed: true })
    // The remark was the title of their conversation.
    if (remark) tx.announce({ userId, kind: 'conversation', subjectId: conversationId })
  }
  return ended.find(({ userId }) => userId === one)?.id ?? null
}
