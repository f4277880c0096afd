import type { Context } from '../context.ts'
import { arrayOf } from '../platform/db/columns.ts'
import type { Sql } from '../platform/db/sql.ts'
import { afterLookup, defineLoader, type Lookup } from '../platform/loader.ts'

/**
 * SQL: what a message `s` shows as its sender. Subqueries use the keys whatever the statistics say. There are no nicknames in
 * direct conversations.
 */
export const senderNameOf = `coalesce(
    case when not starts_with(s.conversation_id, 'single_') then (
      select n.nickname from membership n where n.conversation_id = s.conversation_id and n.user_id = s.sender_id) end,
    (select n.display_name from "user" n where n.id = s.sender_id), '')`

interface SenderKey {
  conversationId: string
  senderId: string
}

const keyText = ({ conversationId, senderId }: SenderKey) => `${conversationId} ${senderId}`

const readNames = (sql: Sql, keys: readonly SenderKey[]) =>
  sql.query<SenderKey & { name: string }>(
    `select s.conversation_id as "conversationId", s.sender_id as "senderId", ${senderNameOf} as name
     from unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'text')}) as s (conversation_id, sender_id)`,
    [keys.map((key) => key.conversationId), keys.map((key) => key.senderId)],
  )

const loadSenderName = defineLoader(readNames, keyText, keyText)

/**
 * The names under which new messages are delivered. The statement is sent after those that number the streams: a rename
 * with an earlier number in a stream is committed by then.
 */
export async function senderNames(sql: Sql, keys: readonly SenderKey[]) {
  const distinct = new Map(keys.map((key) => [keyText(key), key]))
  const rows = await readNames(sql, [...distinct.values()])
  const names = new Map(rows.map((row) => [keyText(row), row.name]))
  return (key: SenderKey) => names.get(keyText(key))
}

interface Sent {
  conversationId: string
  senderId: string | null
  senderName?: string | undefined
}

/** The sender's nickname in the group or display name; null for system messages. */
export function senderName(
  ctx: Context,
  { conversationId, senderId, senderName }: Sent,
): Lookup<string | null> {
  if (senderId === null) return null
  if (senderName !== undefined) return senderName
  return afterLookup(loadSenderName(ctx, { conversationId, senderId }), (sender) => sender?.name ?? '')
}
