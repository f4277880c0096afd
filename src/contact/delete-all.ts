import { directConversationId } from '../conversation/direct.ts'
import type { Listener } from '../hooks.ts'
import type { Tx } from '../transaction.ts'
import { announceRequest, resolveRequestsOf } from './request/store.ts'
import { friendIds } from './store.ts'

/**
 * Deletes the friendships, requests and blocks of a deleted account, and announces each to the other user. Requires
 * lockAccountForDeletion, which waits for every change between this user and another.
 */
export const deleteContacts: Listener<'accountDeleted'> = async (tx, { userId }) => {
  await deleteFriends(tx, userId)
  for (const request of await resolveRequestsOf(tx.sql, userId, 'CANCELLED')) announceRequest(tx, request)

  const blocks = await tx.sql.query<{ blockerId: string }>(
    `delete from block where blocker_id = $1 or blocked_id = $1 returning blocker_id as "blockerId"`,
    [userId],
  )
  for (const { blockerId } of blocks)
    tx.announce(
      { userId: blockerId, kind: 'me', subjectId: blockerId },
      { userId: blockerId, kind: 'user', subjectId: userId },
    )
}

async function deleteFriends(tx: Tx, userId: string): Promise<void> {
  const friends = await friendIds(tx.sql, userId)
  await tx.sql.query(
    `delete from friendship where user_id = $1 or (user_id = any($2::text[]) and friend_id = $1)`,
    [userId, friends],
  )
  for (const friendId of friends)
    tx.announce(
      { userId, kind: 'friendship', subjectId: friendId, removed: true },
      { userId: friendId, kind: 'friendship', subjectId: userId, removed: true },
      { userId: friendId, kind: 'user', subjectId: userId },
      // The remark may have been its title.
      { userId: friendId, kind: 'conversation', subjectId: directConversationId(userId, friendId) },
    )
}
