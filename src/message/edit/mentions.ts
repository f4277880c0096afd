import { bumpSettingsVersion } from '../../conversation/store.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Tx } from '../../transaction.ts'
import type { MessageRow } from '../store.ts'

const membersAmong = `
  select user_id as "userId" from membership where conversation_id = $1 and user_id = any($2::text[])`

const isToldAll = `select id from conversation where id = $1 and delivery_mode <> 'SIGNAL'`

/**
 * Announces the memberships whose mention counts changed with the mentions of a message. A mention of all in a large group
 * arrives with its signal. Requires the conversation's lock.
 */
export async function announceMentions(
  tx: Tx,
  { conversationId }: MessageRow,
  before: (string | null)[],
  after: (string | null)[],
): Promise<void> {
  const changed = [
    ...before.filter((userId) => !after.includes(userId)),
    ...after.filter((userId) => !before.includes(userId)),
  ]
  if (changed.includes(null) && (await tellsEverybody(tx.sql, conversationId)))
    await bumpSettingsVersion(tx, conversationId)
  const named = changed.filter((userId) => userId !== null)
  if (named.length === 0) return
  for (const { userId } of await tx.sql.query<{ userId: string }>(membersAmong, [conversationId, named]))
    tx.announce({ userId, kind: 'conversation', subjectId: conversationId })
}

async function tellsEverybody(sql: Sql, conversationId: string): Promise<boolean> {
  return (await sql.query(isToldAll, [conversationId])).length > 0
}
