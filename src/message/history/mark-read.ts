import { z } from 'zod'
import { blockedAmong } from '../../contact/blocks.ts'
import { type Context, requireViewer } from '../../context.ts'
import { peerOf } from '../../conversation/direct.ts'
import { findMembership, type MembershipRow } from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'

const readSeqSchema = z.number().int().min(0, 'must not be negative')

// The position never decreases and never passes the newest message. The message stores the count at its position.
const advance = `
  update membership m set read_seq = s.seq, read_count = s.ordinal
  from conversation c
  join message s on s.conversation_id = c.id
  where c.id = $1 and s.seq = least($3::integer, c.max_seq)
    and m.conversation_id = c.id and m.user_id = $2 and m.read_seq < s.seq
  returning m.user_id`

/** Advances the viewer's read position, on all devices of the viewer. */
export async function markRead(
  ctx: Context,
  conversationId: string,
  readSeq: number,
): Promise<MembershipRow> {
  const viewer = requireViewer(ctx)
  const wanted = check(readSeqSchema, readSeq, 'input.readSeq')

  return withTransaction(ctx, async (tx) => {
    const moved = await tx.sql.query(advance, [conversationId, viewer.userId, wanted])
    const membership = await findMembership(tx.sql, { conversationId, userId: viewer.userId })
    if (!membership) throw notFound('conversation')

    if (moved.length > 0) {
      tx.announce({ userId: viewer.userId, kind: 'conversation', subjectId: conversationId })
      const peerId = peerOf(conversationId, viewer.userId)
      if (peerId && !(await blockedAmong(tx.sql, viewer.userId, [peerId])).has(peerId))
        tx.announce({ userId: peerId, kind: 'receipts', subjectId: conversationId })
      await ctx.hooks.run('readAdvanced', tx, { conversationId, ...viewer })
    }
    return membership
  })
}
