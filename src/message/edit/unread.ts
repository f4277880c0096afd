import type { Tx } from '../../transaction.ts'
import type { MessageRow } from '../store.ts'

const unreadBy = `
  select m.user_id as "userId" from membership m join conversation c on c.id = m.conversation_id
  where m.conversation_id = $1 and m.read_seq < $2 and c.delivery_mode <> 'SIGNAL'`

/**
 * Announces the memberships in which a recalled message no longer counts as unread. Members of a large group receive their
 * numbers with the pull. Requires the conversation's lock.
 */
export async function announceUnread(tx: Tx, { conversationId, seq }: MessageRow): Promise<void> {
  for (const { userId } of await tx.sql.query<{ userId: string }>(unreadBy, [conversationId, seq]))
    tx.announce({ userId, kind: 'conversation', subjectId: conversationId })
}
