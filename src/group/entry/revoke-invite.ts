import { type Context, requireViewer } from '../../context.ts'
import { isNotFound, notFound } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { announceToManagers } from '../announce-to-managers.ts'
import { findInvite, revokeInvite } from '../invite-store.ts'
import { manageRefusal } from '../policy.ts'
import { lockGroup } from '../store.ts'

/** Revokes an invite and returns the id of its group. Idempotent. */
export async function revokeGroupInvite(ctx: Context, code: string): Promise<string> {
  const viewer = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const invite = await findInvite(tx.sql, viewer, code)
    if (!invite) throw notFound('invite')
    await lockGroup(tx.sql, viewer, invite.conversationId, manageRefusal).catch((error) => {
      throw isNotFound(error) ? notFound('invite') : error
    })

    await revokeInvite(tx, code)
    await announceToManagers(tx, invite.conversationId)
    return invite.conversationId
  })
}
