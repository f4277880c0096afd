import { type Context, requireViewer } from '../../context.ts'
import { bumpSettingsVersion, type MembershipRow } from '../../conversation/store.ts'
import { invalidInput } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { manageRefusal, rankRefusal } from '../policy.ts'
import { lockMember } from '../store.ts'

const mute = `
  update membership set muted_until = $3::text::timestamptz
  where conversation_id = $1 and user_id = $2 and ($3::text is null or $3::text::timestamptz > clock_timestamp())
  returning user_id`

/** Mutes a member until a time; null lifts the mute. */
export async function muteGroupMember(
  ctx: Context,
  groupId: string,
  userId: string,
  until: Date | null,
): Promise<MembershipRow> {
  const viewer = requireViewer(ctx)
  if (userId === viewer.userId) throw invalidInput({ path: 'input.userId', message: 'is yourself' })

  return withTransaction(ctx, async (tx) => {
    const member = { conversationId: groupId, userId }
    const { subject } = await lockMember(tx.sql, viewer, member, manageRefusal, rankRefusal)
    if (subject.mutedUntil?.getTime() === until?.getTime()) return subject

    const muted = await tx.sql.query(mute, [groupId, userId, until?.toISOString() ?? null])
    if (muted.length === 0) throw invalidInput({ path: 'input.until', message: 'must lie in the future' })
    await bumpSettingsVersion(tx, groupId)
    tx.announce({ userId, kind: 'conversation', subjectId: groupId })
    return { ...subject, mutedUntil: until }
  })
}
