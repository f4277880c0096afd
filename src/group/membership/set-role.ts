import { type Context, requireViewer } from '../../context.ts'
import { bumpSettingsVersion, type MembershipRow } from '../../conversation/store.ts'
import { appendSystemMessage } from '../../conversation/system-message.ts'
import type { GroupRole } from '../../platform/db/generated/enums.ts'
import { assertInput } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { revokeInvitesOf } from '../invite-store.ts'
import { announcePendingTo } from '../join-request-store.ts'
import { ownerRefusal } from '../policy.ts'
import { lockMember } from '../store.ts'

/** Makes a member an admin, or an admin a member. */
export async function setGroupMemberRole(
  ctx: Context,
  groupId: string,
  userId: string,
  role: GroupRole,
): Promise<MembershipRow> {
  const viewer = requireViewer(ctx)
  assertInput(
    [role !== 'OWNER', 'input.role', 'cannot be OWNER; use transferGroup'],
    [userId !== viewer.userId, 'input.userId', 'is yourself'],
  )

  return withTransaction(ctx, async (tx) => {
    const member = { conversationId: groupId, userId }
    const { subject } = await lockMember(tx.sql, viewer, member, ownerRefusal)
    if (subject.role === role) return subject

    await tx.sql.query(
      `update membership set role = $3::group_role where conversation_id = $1 and user_id = $2`,
      [groupId, userId, role],
    )
    await appendSystemMessage(tx, groupId, {
      event: 'ROLE_CHANGED',
      change: { from: subject.role ?? 'MEMBER', to: role },
      actorId: viewer.userId,
      subjectIds: [userId],
    })
    await bumpSettingsVersion(tx, groupId)
    tx.announce({ userId, kind: 'conversation', subjectId: groupId })
    await announcePendingTo(tx, groupId, userId)
    if (role !== 'ADMIN') await revokeInvitesOf(tx, groupId, userId)
    return { ...subject, role }
  })
}
