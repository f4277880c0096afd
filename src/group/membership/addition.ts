import type { ConversationRow } from '../../conversation/store.ts'
import { appendSystemMessage, type SystemEventChange } from '../../conversation/system-message.ts'
import type { Tx } from '../../transaction.ts'
import { approveRequestsOf, type JoinRequestRow } from '../join-request-store.ts'
import { type GroupServices, resizeGroup } from '../store.ts'

// A new member has read everything so far, and sees the system message of the join. The mute and the slow-mode pace of
// a former member are restored.
const insertMembers = `
  with returned as (
    delete from former_member where conversation_id = $1 and user_id = any($2::text[])
    returning user_id, muted_until, last_sent_at
  )
  insert into membership (conversation_id, user_id, role, read_seq, read_count, visible_from_seq, muted_until, last_sent_at)
  select c.id, p.user_id, 'MEMBER', c.max_seq, c.message_count,
         case when g.history_visibility = 'ALL' then 1 else c.max_seq + 1 end, r.muted_until, r.last_sent_at
  from conversation c
  join group_conversation g on g.conversation_id = c.id
  cross join unnest($2::text[]) as p (user_id)
  left join returned r on r.user_id = p.user_id
  where c.id = $1`

export type Newcomers = Extract<SystemEventChange, { event: 'MEMBERS_ADDED' | 'MEMBER_JOINED' }> & {
  userIds: string[]
  /** The user who added or approved them, or who joined. */
  actorId: string
}

/** Adds users who are not members, and approves and returns their join requests. Requires the group's lock. */
export async function addMembers(
  services: GroupServices,
  tx: Tx,
  conversation: ConversationRow,
  { userIds, ...event }: Newcomers,
): Promise<JoinRequestRow[]> {
  await tx.sql.query(insertMembers, [conversation.id, userIds])
  await appendSystemMessage(tx, conversation.id, { ...event, subjectIds: userIds })
  const approved = await approveRequestsOf(tx, conversation.id, userIds)
  await resizeGroup(services, tx, conversation, conversation.memberCount + userIds.length)
  for (const userId of userIds) tx.announce({ userId, kind: 'conversation', subjectId: conversation.id })
  tx.afterCommit(() => services.hooks.signal('relationsChanged', { userIds }))
  return approved
}
