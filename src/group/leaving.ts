import type { ConversationRow } from '../conversation/store.ts'
import { memberIds } from '../conversation/store.ts'
import { appendSystemMessage } from '../conversation/system-message.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { type GroupServices, resizeGroup } from './store.ts'

/**
 * Takes one person out of a group and says so in its history. The group's lock is held, so nothing of theirs comes
 * after this, and nothing that comes after this is theirs to read.
 */
export async function takeOut(
  services: GroupServices,
  tx: Tx,
  conversation: ConversationRow,
  leaving: { userId: string; removedBy: string | null },
): Promise<void> {
  const { userId, removedBy } = leaving
  await tx.sql.query(`delete from membership where conversation_id = $1 and user_id = $2`, [
    conversation.id,
    userId,
  ])
  await appendSystemMessage(tx.sql, conversation.id, {
    event: removedBy ? 'MEMBER_REMOVED' : 'MEMBER_LEFT',
    actorId: removedBy ?? userId,
    subjectIds: [userId],
  })
  await resizeGroup(services, tx, conversation, conversation.memberCount - 1)
  tx.announce({ userId, kind: 'conversation', subjectId: conversation.id, removed: true })
}

/** Takes everybody out. The rows of the group and its history stay, and nobody can reach them. */
export async function takeAllOut(
  services: GroupServices,
  tx: Tx,
  conversation: ConversationRow,
): Promise<void> {
  const members = await memberIds(tx.sql, conversation.id)
  await tx.sql.query(`delete from membership where conversation_id = $1`, [conversation.id])
  await resizeGroup(services, tx, conversation, 0)
  for (const userId of members)
    tx.announce({ userId, kind: 'conversation', subjectId: conversation.id, removed: true })
}
