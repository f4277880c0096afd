import { type Context, requireViewer } from '../../context.ts'
import { visibleConversation } from '../../conversation/store.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { defineLoader } from '../../platform/loader.ts'
import type { ReadContent } from '../content/plain-text.ts'
import { type MessagePosition, type MessageRow, positionKey } from '../store.ts'
import { mayReadRevisions } from './policy.ts'

/** The content of a message before an edit. */
export interface Revision {
  messageId: string
  /** The version of the message before the edit. */
  version: number
  content: ReadContent
  replacedAt: Date
}

interface RevisionsRow extends MessagePosition {
  revisions: { version: number; kind: string; content: unknown; replacedAt: string }[]
}

const loadRevisions = defineLoader<MessagePosition, RevisionsRow>(
  (sql, places) =>
    sql.query(
      `select r.conversation_id as "conversationId", r.seq,
              json_agg(json_build_object('version', r.version, 'kind', r.kind, 'content', r.content, 'replacedAt', r.replaced_at)
                       order by r.version) as revisions
       from message_revision r
       join unnest($1::text[], $2::integer[]) as k (conversation_id, seq)
         on r.conversation_id = k.conversation_id and r.seq = k.seq
       group by r.conversation_id, r.seq`,
      [places.map((place) => place.conversationId), places.map((place) => place.seq)],
    ),
  positionKey,
  positionKey,
)

/** The earlier texts of a message, oldest first; none for others than its sender and the group's owner and admins. */
export async function readRevisions(ctx: Context, message: MessageRow): Promise<Revision[]> {
  if (!message.editedAt || message.recalledAt) return []
  const { conversationId, seq } = message
  const visible = await visibleConversation(ctx, requireViewer(ctx), conversationId)
  if (!visible || !mayReadRevisions(message, visible.membership)) return []
  const found = await loadRevisions(ctx, { conversationId, seq })
  return (found?.revisions ?? []).map(({ version, kind, content, replacedAt }) => ({
    messageId: message.id,
    version,
    content: { kind, content } as ReadContent,
    replacedAt: new Date(replacedAt),
  }))
}

/** The number of edits of a message. Requires the conversation's lock. */
export async function countEdits(sql: Sql, { conversationId, seq }: MessagePosition): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::integer as count from message_revision where conversation_id = $1 and seq = $2`,
    [conversationId, seq],
  )
  return row?.count ?? 0
}

/** Stores the content before an edit. */
export async function keepRevision(sql: Sql, earlier: MessageRow, rewritten: MessageRow): Promise<void> {
  const { conversationId, seq, version, kind, content } = earlier
  await sql.query(
    `insert into message_revision (conversation_id, seq, version, kind, content, replaced_at)
     values ($1, $2, $3, $4::message_kind, $5::jsonb, $6)`,
    [conversationId, seq, version, kind, JSON.stringify(content), rewritten.editedAt],
  )
}
