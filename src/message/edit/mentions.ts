import { bumpSettingsVersion } from '../../conversation/store.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Tx } from '../../transaction.ts'
import type { MessageRow } from '../store.ts'

const membersAmong = `
  select user_id as "userId" from membership where conversation_id = $1 and user_id = any($2::text[])`

const isInline = `select id from conversation where id = $1 and delivery_mode = 'INLINE'`

/**
 * A message names others than before, which counts in the memberships of those who came or went. Of a mention of all
 * the members of a large group hear by its signal. Needs the conversation's lock.
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
    await bumpSettingsVersion(tx.sql, conversationId)
  const named = changed.filter((userId) => userId !== null)
  if (named.length === 0) return
  for (const { userId } of await tx.sql.query<{ userId: string }>(membersAmong, [conversationId, named]))
    tx.announce({ userId, kind: 'conversation', subjectId: conversationId })
}

async function tellsEverybody(sql: Sql, conversationId: string): Promise<boolean> {
  return (await sql.query(isInline, [conversationId])).length > 0
}
