import { nextAvatar } from '../account/avatar.ts'
import { type Context, requireViewer } from '../context.ts'
import { bumpSettingsVersion } from '../conversation/store.ts'
import { appendSystemMessage, type SystemEvent } from '../conversation/system-message.ts'
import { check } from '../platform/validation.ts'
import { withTransaction } from '../transaction.ts'
import { type UpdateGroupInput, updateGroupSchema } from './inputs.ts'
import { manageRefusal } from './policy.ts'
import { type GroupRow, lockGroup } from './store.ts'

/** Changes the given settings. null clears the description and the avatar. */
export async function updateGroup(ctx: Context, groupId: string, input: UpdateGroupInput): Promise<void> {
  const viewer = requireViewer(ctx)
  const wanted = { ...input, ...check(updateGroupSchema, input, 'input') }

  await withTransaction(ctx, async (tx) => {
    const { group } = await lockGroup(tx.sql, viewer, groupId, manageRefusal)

    const avatar = await nextAvatar(ctx, tx, viewer.userId, group, input.avatarMediaId)
    const next = { ...merge(group, wanted), ...avatar }
    if (JSON.stringify(next) === JSON.stringify(group)) return
    const { conversationId, ...data } = next
    await tx.db.groupConversation.update({ where: { conversationId }, data })
    if (group.avatarMediaId && group.avatarMediaId !== next.avatarMediaId)
      await ctx.hooks.run('avatarReleased', tx, { mediaId: group.avatarMediaId })
    for (const event of eventsBetween(group, next))
      await appendSystemMessage(tx, groupId, { event, actorId: viewer.userId })
    await bumpSettingsVersion(tx, groupId)
  })
}

function merge(group: GroupRow, wanted: UpdateGroupInput): GroupRow {
  return {
    ...group,
    name: wanted.name ?? group.name,
    description: wanted.description === undefined ? group.description : wanted.description || null,
    joinPolicy: wanted.joinPolicy ?? group.joinPolicy,
    postingPolicy: wanted.postingPolicy ?? group.postingPolicy,
    historyVisibility: wanted.historyVisibility ?? group.historyVisibility,
    mutedAll: wanted.mutedAll ?? group.mutedAll,
    slowModeSeconds: wanted.slowModeSeconds ?? group.slowModeSeconds,
  }
}

function eventsBetween(before: GroupRow, after: GroupRow): SystemEvent[] {
  const events: SystemEvent[] = []
  if (after.name !== before.name) events.push('GROUP_RENAMED')
  if (after.mutedAll !== before.mutedAll) events.push(after.mutedAll ? 'GROUP_MUTED' : 'GROUP_UNMUTED')
  return events
}
