import type { ConversationRow } from '../../conversation/store.ts'
import { appendSystemMessage } from '../../conversation/system-message.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { revokeAllInvites, revokeInvitesOf } from '../invite-store.ts'
import { declineRequestsTo } from '../join-request-store.ts'
import { type GroupServices, resizeGroup } from '../store.ts'
import { announceDepartures, deleteMemberships } from './departures.ts'

// A mute, a removal and the pace of slow mode would be worth nothing if leaving and joining again undid them.
const release = `
  with gone as (
    delete from membership where conversation_id = $1 and user_id = $2 returning muted_until, last_sent_at
  )
  insert into former_member (conversation_id, user_id, removed_at_seq, left_by_choice, muted_until, last_sent_at)
  select $1, $2, case when $3::boolean then c.max_seq + 1 end, not $3::boolean, gone.muted_until, gone.last_sent_at
  from gone cross join conversation c
  where c.id = $1`

/**
 * Takes one person out of a group and says so in its history. The group's lock is held, so nothing of theirs comes
 * after this, and nothing that comes after this is theirs to read.
 */
export async function removeMember(
  services: GroupServices,
  tx: Tx,
  conversation: ConversationRow,
  leaving: { userId: string; removedBy: string | null },
): Promise<void> {
  const { userId, removedBy } = leaving
  await tx.sql.query(release, [conversation.id, userId, removedBy !== null])
  await revokeInvitesOf(tx, conversation.id, userId)
  await appendSystemMessage(tx.sql, conversation.id, {
    event: removedBy ? 'MEMBER_REMOVED' : 'MEMBER_LEFT',
    actorId: removedBy ?? userId,
    subjectIds: [userId],
  })
  await resizeGroup(services, tx, conversation, conversation.memberCount - 1)
  await announceDepartures(services, tx, conversation.id, [userId])
}

/**
 * Takes everybody out. The rows of the group and its history stay, and nobody can reach them. The one who does it is
 * told with it; of many others a job tells, for which there is no hurry: they are out already.
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
