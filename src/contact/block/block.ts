import { type Context, requireViewer } from '../../context.ts'
import { invalidInput, notFound } from '../../errors.ts'
import { type Tx, withTransaction } from '../../platform/db/transaction.ts'
import { endFriendship } from '../friend/friendship.ts'
import { announceRequest, findPendingRequest, settleRequest } from '../request/store.ts'
import { lockPair } from '../store.ts'

/**
 * Cuts a person off. They see what somebody sees whose friendship has ended: nothing tells them of the block.
 */
export async function blockUser(ctx: Context, userId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  if (userId === viewer.userId) throw invalidInput({ path: 'userId', message: 'is yourself' })

  await withTransaction(ctx, async (tx) => {
    const facts = await lockPair(tx.sql, viewer.userId, userId)
    if (facts.blockedByMe) return
    if (facts.peerDeleted) throw notFound('user')

    await endFriendship(tx, viewer.userId, userId)
    await tx.sql.query(`insert into block (blocker_id, blocked_id) values ($1, $2)`, [viewer.userId, userId])
    await cutOffRequest(tx, viewer.userId, userId)
    tx.announce(
      { userId: viewer.userId, kind: 'me', subjectId: viewer.userId },
      { userId: viewer.userId, kind: 'user', subjectId: userId },
    )
    tx.afterCommit(() => ctx.hooks.signal('relationsChanged', { userIds: [viewer.userId, userId] }))
  })
}

/** The blocker's own question is taken back; the other's goes on waiting, in the eyes of its sender alone. */
async function cutOffRequest(tx: Tx, blockerId: string, blockedId: string): Promise<void> {
  const pending = await findPendingRequest(tx.sql, blockerId, blockedId)
  if (!pending) return
  if (pending.fromId === blockerId)
    return announceRequest(tx, await settleRequest(tx.sql, pending.id, 'CANCELLED'))
  if (pending.suppressed) return
  await tx.sql.query(
    `update friend_request set suppressed = true, settled_at = clock_timestamp() where id = $1`,
    [pending.id],
  )
  tx.announce({ userId: blockerId, kind: 'request', subjectId: pending.id })
}
