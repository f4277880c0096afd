import { nextAvatar } from '../account/avatar.ts'
import { type Context, requireViewer } from '../context.ts'
import { bumpSettingsVersion } from '../conversation/store.ts'
import { appendSystemMessage, type SystemEventChange } from '../conversation/system-message.ts'
import { foldName } from '../platform/language/folding/name.ts'
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
    await tx.db.groupConversation.update({
      where: { conversationId },
      data: { ...data, foldedName: foldName(data.name) },
    })
    if (group.avatarMediaId && group.avatarMediaId !== next.avatarMediaId)
      await ctx.hooks.run('avatarReleased', tx, { mediaId: group.avatarMediaId })
    for (const event of eventsBetween(group, next))
      await appendSystemMessage(tx, groupId, { ...event, actorId: viewer.userId })
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
    mentionAllPolicy: wanted.mentionAllPolicy ?? group.mentionAllPolicy,
    mutedAll: wanted.mutedAll ?? group.mutedAll,
    slowModeSeconds: wanted.slowModeSeconds ?? group.slowModeSeconds,
  }
}

/** The settings whose change is reported with the value before and after it. */
const reported = {
  name: 'GROUP_RENAMED',
  joinPolicy: 'JOIN_POLICY_CHANGED',
  postingPolicy: 'POSTING_POLICY_CHANGED',
  historyVisibility: 'HISTORY_VISIBILITY_CHANGED',
  mentionAllPolicy: 'MENTION_ALL_POLICY_CHANGED',
  slowModeSeconds: 'SLOW_MODE_CHANGED',
} as const satisfies Partial<Record<keyof GroupRow, SystemEventChange['event']>>

function eventsBetween(before: GroupRow, after: GroupRow): SystemEventChange[] {
  const events = Object.entries(reported).flatMap(([setting, event]) => {
    const [from, to] = [before[setting as keyof typeof reported], after[setting as keyof typeof reported]]
    return from === to ? [] : [{ event, change: { from, to } } as SystemEventChange]
  })
  if (after.description !== before.description) events.push({ event: 'GROUP_DESCRIPTION_CHANGED' })
  if (after.avatarKey !== before.avatarKey)
    events.push({ event: 'GROUP_AVATAR_CHANGED', change: { removed: after.avatarKey === null } })
  if (after.mutedAll !== before.mutedAll)
    events.push({ event: after.mutedAll ? 'GROUP_MUTED' : 'GROUP_UNMUTED' })
  return events
}
