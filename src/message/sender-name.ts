import type { Context } from '../context.ts'
import { defineLoader } from '../platform/loader.ts'
import type { MessageRow } from './store.ts'

/** SQL: what a message `s` shows as its sender. Subqueries use the keys whatever the statistics say. */
export const senderNameOf = `coalesce(
    (select n.nickname from membership n where n.conversation_id = s.conversation_id and n.user_id = s.sender_id),
    (select n.display_name from "user" n where n.id = s.sender_id), '')`

interface SenderKey {
  conversationId: string
  senderId: string
}

const keyText = ({ conversationId, senderId }: SenderKey) => `${conversationId} ${senderId}`

const loadSenderName = defineLoader<SenderKey, SenderKey & { name: string }>(
  (sql, keys) =>
    sql.query(
      `select s.conversation_id as "conversationId", s.sender_id as "senderId", ${senderNameOf} as name
       from unnest($1::text[], $2::text[]) as s (conversation_id, sender_id)`,
      [keys.map((key) => key.conversationId), keys.map((key) => key.senderId)],
    ),
  keyText,
  keyText,
)

/** The sender's nickname in the group or display name; null for system messages. */
export function senderName(ctx: Context, message: MessageRow): string | null | Promise<string> {
  const { conversationId, senderId } = message
  if (senderId === null) return null
  if (message.senderName !== undefined) return message.senderName
  return loadSenderName(ctx, { conversationId, senderId }).then((sender) => sender?.name ?? '')
}
