import type { Sql } from '../platform/db/sql.ts'
import type { Progress } from './progress.ts'

/** A webhook; `id` is the same on every retry. */
export interface WebhookEvent {
  id: string
  type: 'message.sent' | 'message.edited' | 'message.recalled' | 'group.changed' | 'user.registered'
  at: Date
  data: object
}

/** Current state of a message; a receiver keeps the one with the highest version. */
interface MessageState {
  id: string
  conversationId: string
  seq: number
  version: number
  senderId: string
  clientMessageId: string | null
  kind: string
  content: object
  quoteSeq: number | null
  sentAt: Date
  editedAt: Date | null
  recalledAt: Date | null
}

const columns = `s.id, s.conversation_id as "conversationId", s.seq, s.version, s.sender_id as "senderId",
  s.client_message_id as "clientMessageId", s.kind::text as kind, s.content, s.quote_seq as "quoteSeq",
  s.sent_at as "sentAt", s.edited_at as "editedAt", s.recalled_at as "recalledAt"`

// One statement, so one snapshot: all changes of the conversation up to its version, or the first page of them.
const changed = `
  select c.version as reached, c.revision, clock_timestamp() as now, s.seq, s.version
  from conversation c
  left join lateral (
    select seq, version from message where conversation_id = c.id and version > $2 order by version limit $3
  ) s on true
  where c.id = $1 order by s.version`

const readMessage = `
  select ${columns} from message s where s.conversation_id = $1 and s.seq = $2 and s.sender_id is not null`

const readGroup = `
  select c.id, g.name, g.description, g.owner_id as "ownerId", c.member_count as "memberCount", c.revision,
         g.join_policy::text as "joinPolicy", g.posting_policy::text as "postingPolicy",
         g.history_visibility::text as "historyVisibility", g.muted_all as "mutedAll",
         g.slow_mode_seconds as "slowModeSeconds", c.created_at as "createdAt", clock_timestamp() as now
  from conversation c join group_conversation g on g.conversation_id = c.id where c.id = $1`

export const pageSize = 50

/** The next changes after the delivered version. `all` says whether they are complete up to `reached`. */
export async function readChanges(sql: Sql, { conversationId, version }: Progress) {
  const rows = await sql.query<{
    reached: number
    revision: number
    now: Date
    seq: number | null
    version: number | null
  }>(changed, [conversationId, version, pageSize])
  const places = rows.flatMap(({ seq, version }) =>
    seq === null || version === null ? [] : [{ seq, version }],
  )
  const [first] = rows
  return {
    places,
    all: places.length < pageSize,
    reached: first?.reached ?? version,
    revision: first?.revision ?? 0,
    now: first?.now ?? new Date(),
  }
}

// A change that was being committed while the last page was read may be older than that page by the length of a transaction.
const overlapMs = 30_000

/**
 * The webhook of one message, read just before it is sent, so that a text recalled meanwhile is not in it. `isNew` when
 * the receiver does not know the message yet. null when no reported part of it changed.
 */
export async function messageEvent(
  sql: Sql,
  { conversationId, reachedAt }: Progress,
  seq: number,
  isNew: boolean,
): Promise<WebhookEvent | null> {
  const [message] = await sql.query<MessageState>(readMessage, [conversationId, seq])
  if (!message) return null
  const { id, editedAt, recalledAt, sentAt } = message
  if (recalledAt)
    return {
      id: `${id}.recalled`,
      type: 'message.recalled',
      at: recalledAt,
      data: { ...message, content: null },
    }
  if (isNew) return { id: `${id}.sent`, type: 'message.sent', at: sentAt, data: message }
  if (!editedAt || editedAt.getTime() < reachedAt.getTime() - overlapMs) return null
  return { id: `${id}.edited.${editedAt.getTime()}`, type: 'message.edited', at: editedAt, data: message }
}

/** The current state of a group; null for a direct conversation. */
export async function groupEvent(sql: Sql, conversationId: string): Promise<WebhookEvent | null> {
  const [group] = await sql.query<{ id: string; revision: number; now: Date }>(readGroup, [conversationId])
  if (!group) return null
  const { now, ...data } = group
  return { id: `${group.id}.changed.${group.revision}`, type: 'group.changed', at: now, data }
}
