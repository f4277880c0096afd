import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { limitViewer } from '../../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../../context.ts'
import { invalidInput, refuse } from '../../errors.ts'
import { check } from '../../platform/validation.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import { announceToManagers } from '../announce-to-managers.ts'
import { countInvites, type InviteRow, insertInvite } from '../invite-store.ts'
import { manageRefusal } from '../policy.ts'
import { lockGroup } from '../store.ts'

const maxUsesMax = 100_000

const maxUsesSchema = z
  .number()
  .min(1, 'must be at least 1')
  .max(maxUsesMax, `must be at most ${maxUsesMax}`)
  .nullish()

/** Creates an invite, whose code admits its holder whatever the group's join policy. */
export async function createGroupInvite(
  ctx: Context,
  groupId: string,
  terms: { expiresAt?: Date | null; maxUses?: number | null },
): Promise<InviteRow> {
  const viewer = requireViewer(ctx)
  const maxUses = check(maxUsesSchema, terms.maxUses, 'input.maxUses') ?? null
  await limitViewer(ctx, { name: 'invites', points: ctx.config.limits.invitesPerHour, seconds: 3_600 })
  return withTransaction(ctx, async (tx) => {
    const { conversation } = await lockGroup(tx.sql, viewer, groupId, manageRefusal)
    await refuseOverLimit(tx, groupId, ctx.config.limits.groupInvites)
    const invite = await insertInvite(tx.sql, {
      code: randomBytes(16).toString('base64url'),
      conversationId: groupId,
      inviterId: viewer.userId,
      madeAtSeq: conversation.maxSeq,
      expiresAt: terms.expiresAt ?? null,
      maxUses,
    })
    if (!invite) throw invalidInput({ path: 'input.expiresAt', message: 'must lie in the future' })
    await announceToManagers(tx, groupId)
    return invite
  })
}

async function refuseOverLimit(tx: Tx, groupId: string, limit: number): Promise<void> {
  if ((await countInvites(tx.sql, groupId)) >= limit)
    throw refuse('LIMIT_EXCEEDED', `A group can have at most ${limit} active invites.`, { limit })
}
