import type { ConversationRow } from '../../conversation/store.ts'
import { appendSystemMessage } from '../../conversation/system-message.ts'
import type { GroupRole } from '../../platform/db/generated/enums.ts'
import type { Tx } from '../../transaction.ts'
import { revokeAllInvites, revokeInvitesOf } from '../invite-store.ts'
import { announcePendingTo, declineRequestsTo } from '../join-request-store.ts'
import { isManager } from '../policy.ts'
import { type GroupServices, resizeGroup } from '../store.ts'
import { announceDepartures, deleteMemberships } from './departures.ts'

// Mute, removal and slow-mode pace are kept, so that leaving and joining again does not reset them.
const deleteMembership = `
  with deleted as (
    delete from membership where conversation_id = $1 and user_id = $2
    returning role::text, muted_until, last_sent_at
  ), kept as (
    insert into former_member (conversation_id, user_id, removed_at_seq, left_by_choice, muted_until, last_sent_at)
    select $1, $2, case when $3::boolean then c.max_seq + 1 end, not $3::boolean, deleted.muted_until, deleted.last_sent_at
    from deleted cross join conversation c
    where c.id = $1
  )
  select role from deleted`

/**
 * Removes a member and appends the system message of it. Requires the group's lock: no message of theirs is appended
 * after this, and they can read none that is.
 */
export async function removeMember(
  services: GroupServices,
  tx: Tx,
  conversation: ConversationRow,
  removal: { userId: string; removedBy: string | null },
): Promise<void> {
  const { userId, removedBy } = removal
  const removed = [conversation.id, userId, removedBy !== null]
  const [membership] = await tx.sql.query<{ role: GroupRole }>(deleteMembership, removed)
  if (membership && isManager(membership.role)) await announcePendingTo(tx, conversation.id, userId)
  await revokeInvitesOf(tx, conversation.id, userId)
  await appendSystemMessage(tx, conversation.id, {
    event: removedBy ? 'MEMBER_REMOVED' : 'MEMBER_LEFT',
    actorId: removedBy ?? userId,
    subjectIds: [userId],
  })
  await resizeGroup(services, tx, conversation, conversation.memberCount - 1)
  await announceDepartures(services, tx, conversation.id, [userId])
}

/**
 * Removes all members. The rows of the group and its history stay, unreachable. A job announces it to the members of a
 * large group, which may take a while: their access has ended already.
 */
export async function removeAllMembers(
  services: GroupServices,
  tx: Tx,
  conversation: ConversationRow,
  actorId: string,
): Promise<void> {
  await deleteMemberships(services, tx, conversation, actorId)
  await revokeAllInvites(tx, conversation.id)
  await declineRequestsTo(tx, conversation.id)
  await resizeGroup(services, tx, conversation, 0)
}
