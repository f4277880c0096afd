import { type Context, requireViewer } from '../../context.ts'
import { notFound, refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import { text } from '../../platform/text.ts'
import { assertInput, check, checkAll } from '../../platform/validation.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import { startFriendship } from '../friend/friendship.ts'
import { limitFriendRequests } from '../limits.ts'
import { lockPair, type PairKey, readPair } from '../store.ts'
import {
  announceRequest,
  type FriendRequestRow,
  findPendingRequest,
  requestColumns,
  resolveRequest,
} from './store.ts'

const noteSchema = text({ min: 0, max: 200 }).nullish()

/** Sends a friend request. Opposite requests make two users friends at once; repeating a request returns the pending one. */
export async function requestFriend(
  ctx: Context,
  userId: string,
  note?: string | null,
): Promise<FriendRequestRow> {
  const viewer = requireViewer(ctx)
  const [written] = checkAll(
    () => check(noteSchema, note, 'input.note') || null,
    () => assertInput([userId !== viewer.userId, 'input.userId', 'must be another user']),
  )

  const pair = { userId: viewer.userId, peerId: userId }
  // A guessed id counts like a request, so the limit comes before anything that depends on the peer.
  const earlier = await findPendingRequest(ctx.sql, viewer.userId, userId)
  if (!earlier) await limitFriendRequests(ctx, viewer.userId)
  const before = await readRequestState(ctx.sql, pair)
  if (before.pending && !before.changes) return before.pending

  return withTransaction(ctx, async (tx) => {
    await lockPair(tx.sql, pair)
    const { facts, pending, changes } = await readRequestState(tx.sql, pair)
    if (pending?.fromId === userId) return acceptOpposite(ctx, tx, pending)
    if (pending) return changes ? deliverSuppressed(tx, pending) : pending

    const request = await insertRequest(tx, { from: viewer.userId, to: userId, note: written, facts })
    announceRequest(tx, request)
    return request
  })
}

/** Throws if a request is refused; otherwise the pending request, and whether sending another one changes it. */
async function readRequestState(sql: Sql, pair: PairKey) {
  const facts = await readPair(sql, pair)
  if (facts.peerDeleted) throw notFound('user')
  if (facts.blockedByMe) throw refuse('BLOCKED', 'You have blocked this user; unblock them first.')
  if (facts.areFriends) throw refuse('CONFLICT', 'You are already friends.')
  const pending = await findPendingRequest(sql, pair.userId, pair.peerId)
  const deliverable = pending?.suppressed === true && !facts.blockedByPeer
  return { facts, pending, changes: pending?.fromId === pair.peerId || deliverable }
}

async function acceptOpposite(ctx: Context, tx: Tx, pending: FriendRequestRow): Promise<FriendRequestRow> {
  const accepted = await resolveRequest(tx.sql, pending.id, 'ACCEPTED')
  await startFriendship(ctx, tx, pending.fromId, pending.toId)
  announceRequest(tx, accepted)
  return accepted
}

/** Delivers a request that a block had suppressed, when it is sent again after the block was removed. */
async function deliverSuppressed(tx: Tx, pending: FriendRequestRow): Promise<FriendRequestRow> {
  await tx.sql.query(`update friend_request set suppressed = false, resolved_at = null where id = $1`, [
    pending.id,
  ])
  const request = { ...pending, suppressed: false, resolvedAt: null }
  announceRequest(tx, request)
  return request
}

interface NewRequest {
  from: string
  to: string
  note: string | null
  facts: { blockedByPeer: boolean }
}

async function insertRequest(tx: Tx, { from, to, note, facts }: NewRequest): Promise<FriendRequestRow> {
  const [request] = await tx.sql.query<FriendRequestRow>(
    `insert into friend_request as r (id, from_id, to_id, note, suppressed) values ($1, $2, $3, $4, $5)
     returning ${requestColumns}`,
    [newId(), from, to, note, facts.blockedByPeer],
  )
  return request as FriendRequestRow
}
