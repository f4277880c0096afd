import { type Context, requireViewer } from '../../context.ts'
import { directConversationId } from '../../conversation/direct.ts'
import { invalidInput, notFound } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import { endFriendship } from '../friend/friendship.ts'
import { announceRequest, findPendingRequest, resolveRequest } from '../request/store.ts'
import { lockPairToRevoke, type PairKey, readPair } from '../store.ts'
import { insertBlock } from './store.ts'

/** What a block ended: the viewer's side of a friendship, and a pending request. */
interface Ended {
  friendshipId: string | null
  requestId: string | null
}

const nothing: Ended = { friendshipId: null, requestId: null }

/**
 * Blocks a user. The blocked user sees the end of the friendship and, from then on, a user who is inactive: nothing
 * reveals the block.
 */
export async function blockUser(ctx: Context, userId: string): Promise<Ended> {
  const viewer = requireViewer(ctx)
  if (userId === viewer.userId) throw invalidInput({ path: 'input.userId', message: 'must be another user' })

  const pair = { userId: viewer.userId, peerId: userId }
  if (await isBlocked(ctx.sql, pair)) return nothing

  return withTransaction(ctx, async (tx) => {
    await lockPairToRevoke(tx.sql, pair)
    if (await isBlocked(tx.sql, pair)) return nothing

    const friendshipId = await endFriendship(tx, viewer.userId, userId)
    await insertBlock(tx.sql, pair, directConversationId(viewer.userId, userId))
    const requestId = await suppressRequest(tx, viewer.userId, userId)
    tx.announce(
      { userId: viewer.userId, kind: 'me', subjectId: viewer.userId },
      { userId: viewer.userId, kind: 'user', subjectId: userId },
    )
    tx.afterCommit(() => ctx.hooks.signal('relationsChanged', { userIds: [viewer.userId, userId] }))
    return { friendshipId, requestId }
  })
}

/** Whether the viewer already blocks the user; NOT_FOUND if there is no account to block. */
async function isBlocked(sql: Sql, pair: PairKey): Promise<boolean> {
  const { blockedByMe, peerDeleted } = await readPair(sql, pair)
  if (!blockedByMe && peerDeleted) throw notFound('user')
  return blockedByMe
}

/**
 * Cancels a request of the blocker. A request of the blocked user stays pending, for its sender only. Returns the id of
 * the request.
 */
async function suppressRequest(tx: Tx, blockerId: string, blockedId: string): Promise<string | null> {
  const pending = await findPendingRequest(tx.sql, blockerId, blockedId)
  if (!pending) return null
  if (pending.fromId === blockerId) {
    announceRequest(tx, await resolveRequest(tx.sql, pending.id, 'CANCELLED'))
    return pending.id
  }
  if (pending.suppressed) return null
  await tx.sql.query(
    `update friend_request set suppressed = true, resolved_at = clock_timestamp() where id = $1`,
    [pending.id],
  )
  tx.announce({ userId: blockerId, kind: 'request', subjectId: pending.id })
  return pending.id
}
