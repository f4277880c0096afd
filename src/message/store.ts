import type { Context } from '../context.ts'
import { requireViewer, type Viewer } from '../context.ts'
import { lockConversationRow } from '../conversation/lock.ts'
import { marksOf } from '../conversation/marks.ts'
import { findMembership, type MembershipRow, visibleConversation } from '../conversation/store.ts'
import { notFound } from '../errors.ts'
import { checkThenLock } from '../platform/db/check-then-lock.ts'
import { arrayOf, columns } from '../platform/db/columns.ts'
import type { Message } from '../platform/db/generated/client.ts'
import type { MessageKind } from '../platform/db/generated/enums.ts'
import type { Sql } from '../platform/db/sql.ts'
import { afterLookup, defineLoader, type Lookup } from '../platform/loader.ts'
import type { ConversationWriter } from '../transaction.ts'
import { senderNameOf } from './sender-name.ts'

export const messageFields = [
  'conversationId',
  'seq',
  'id',
  'version',
  'ordinal',
  'senderId',
  'clientMessageId',
  'requestHash',
  'kind',
  'content',
  'quoteSeq',
  'sentAt',
  'editedAt',
  'recalledAt',
  'recalledById',
] as const satisfies readonly (keyof Message)[]

export type MessageRow = Omit<Pick<Message, (typeof messageFields)[number]>, 'content'> & {
  content: object
  /** The sender's name, if it was read with the message. */
  senderName?: string
}

export const messageColumns = columns('s', messageFields)

/** The columns of a message that is read to be shown. */
export const namedMessageColumns = `${messageColumns}, ${senderNameOf} as "senderName"`

export interface MessagePosition {
  conversationId: string
  seq: number
}

export const positionKey = (place: MessagePosition) => `${place.conversationId} ${place.seq}`

export const loadMessageAt = defineLoader<MessagePosition, MessageRow>(
  (sql, places) =>
    sql.query(
      `select ${namedMessageColumns} from message s
       join unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'integer')}) as k (conversation_id, seq)
         on s.conversation_id = k.conversation_id and s.seq = k.seq`,
      [places.map((place) => place.conversationId), places.map((place) => place.seq)],
    ),
  positionKey,
  positionKey,
)

export const loadMessage = defineLoader<string, MessageRow>(
  (sql, ids) =>
    sql.query(`select ${namedMessageColumns} from message s where s.id = any(${arrayOf(1, 'text')})`, [ids]),
  (message) => message.id,
)

/** The first seq that the viewer may read; null if the viewer is not a member. */
function historyStart(ctx: Context, conversationId: string): Lookup<number | null> {
  return afterLookup(
    visibleConversation(ctx, requireViewer(ctx), conversationId),
    (visible) => visible?.membership.visibleFromSeq ?? null,
  )
}

/**
 * The message at a position; null if it does not exist or is not readable. A shared execution reads it for all viewers and
 * notes the lowest seq; viewers who may not read that far are served by an execution of their own.
 */
export function readMessageAt(ctx: Context, place: MessagePosition): Lookup<MessageRow | null> {
  if (ctx.shared) {
    ctx.shared.lowestSeq = Math.min(ctx.shared.lowestSeq, place.seq)
    return loadMessageAt(ctx, place)
  }
  return afterLookup(historyStart(ctx, place.conversationId), (start) =>
    start === null || place.seq < start ? null : loadMessageAt(ctx, place),
  )
}

export async function readMessage(ctx: Context, id: string): Promise<MessageRow | null> {
  const message = await loadMessage(ctx, id)
  if (!message) return null
  const start = await historyStart(ctx, message.conversationId)
  return start === null || message.seq < start ? null : message
}

/** A message whose conversation is locked, with its age by the database's clock. */
export type LockedMessage = MessageRow & { ageSeconds: number }

/** A message that the viewer may read, and the viewer's membership in its conversation. */
export interface ReadableMessage {
  message: LockedMessage
  membership: MembershipRow
}

type CheckMessage = (sql: Sql, found: ReadableMessage) => Promise<void> | void

/**
 * Locks the conversation of a readable message, so that edits, recalls and removals have one order. `check` throws the
 * refusal. It runs before the lock and again under it, as the check that the message is readable does.
 */
export function lockMessage(
  sql: Sql,
  ctx: Context,
  id: string,
  check: CheckMessage = () => {},
): Promise<ReadableMessage> {
  const viewer = requireViewer(ctx)
  return checkThenLock(
    async () => {
      const { message, membership } = await findMessage(sql, viewer, id)
      // The error for a message of another conversation equals that for a missing one.
      if (!membership) throw notFound('message')
      await check(sql, { message, membership })
      return { message, membership }
    },
    ({ message }) => lockConversationRow(sql, message.conversationId),
  )
}

/** The same for a moderator, who may not be a member; the membership is then null. */
export async function lockAnyMessage(sql: Sql, viewer: Viewer, id: string) {
  return checkThenLock(
    () => findMessage(sql, viewer, id),
    ({ message }) => lockConversationRow(sql, message.conversationId),
  )
}

const messageById = `
  select ${messageColumns}, extract(epoch from clock_timestamp() - s.sent_at)::float8 as "ageSeconds"
  from message s where s.id = $1`

/** The current message, with the viewer's membership if the viewer may read it. */
async function findMessage(sql: Sql, { userId }: Viewer, id: string) {
  const [message] = await sql.query<LockedMessage>(messageById, [id])
  if (!message) throw notFound('message')
  const membership = await findMembership(sql, { conversationId: message.conversationId, userId })
  const readable = membership !== null && message.seq >= membership.visibleFromSeq
  return { message, membership: readable ? membership : null }
}

/** SQL: assigns the next version of a conversation, and marks it for the outbox. */
const moveVersion = `
  with changed as (
    update conversation set version = version + 1
    where id = $1 returning id, version
  ), ${marksOf('changed')}`

const rewrite = `${moveVersion}
  update message s
  set version = changed.version, changed_at = clock_timestamp(), kind = $3::message_kind,
      content = $4::jsonb,
      edited_at = case when $5::text is null then clock_timestamp() else s.edited_at end,
      recalled_at = case when $5::text is null then null else clock_timestamp() end,
      recalled_by_id = $5::text
  from changed
  where s.conversation_id = $1 and s.seq = $2
  returning ${messageColumns}`

const touch = `${moveVersion}
  update message s set version = changed.version, changed_at = clock_timestamp()
  from changed
  where s.conversation_id = $1 and s.seq = $2
  returning ${messageColumns}`

/** Gives a message a new version without a new content. Requires the conversation's lock. */
export async function touchMessage(
  { sql, deliver }: ConversationWriter,
  { conversationId, seq }: MessagePosition,
): Promise<MessageRow> {
  deliver(conversationId)
  const [touched] = await sql.query<MessageRow>(touch, [conversationId, seq])
  return touched as MessageRow
}

/** Replaces or erases the content of a message. Requires the conversation's lock. */
export async function rewriteMessage(
  { sql, deliver }: ConversationWriter,
  message: MessageRow,
  change: { kind: MessageKind; content: object; recalledById?: string; mentions: (string | null)[] },
): Promise<MessageRow> {
  deliver(message.conversationId)
  const [rewritten] = await sql.query<MessageRow>(rewrite, [
    message.conversationId,
    message.seq,
    change.kind,
    JSON.stringify(change.content),
    change.recalledById ?? null,
  ])
  await replaceMentions(sql, rewritten as MessageRow, change.mentions)
  return rewritten as MessageRow
}

/** A mention that stays keeps the version that added it; push notifies of new ones only. */
async function replaceMentions(
  sql: Sql,
  { conversationId, seq, version }: MessageRow,
  mentions: (string | null)[],
): Promise<void> {
  const earlier = await sql.query<{ userId: string | null; version: number }>(
    `delete from mention where conversation_id = $1 and seq = $2 returning user_id as "userId", version`,
    [conversationId, seq],
  )
  if (mentions.length === 0) return
  const versions = new Map(earlier.map((mention) => [mention.userId, mention.version]))
  await sql.query(
    `insert into mention (conversation_id, seq, place, user_id, version)
     select $1, $2::integer, place::integer - 1, user_id, version
     from unnest($3::text[], $4::integer[]) with ordinality as m (user_id, version, place)`,
    [conversationId, seq, mentions, mentions.map((userId) => versions.get(userId) ?? version)],
  )
}

/** The mentions of users who are not members, as `conversationId userId`. */
export async function nonMembersAmong(
  sql: Sql,
  messages: { conversationId: string; mentions: (string | null)[] }[],
): Promise<Set<string>> {
  const pairs = messages.flatMap(({ conversationId, mentions }) =>
    mentions.flatMap((userId) => (userId === null ? [] : [{ conversationId, userId }])),
  )
  if (pairs.length === 0) return new Set()
  const rows = await sql.query<{ conversationId: string; userId: string }>(
    `select p.conversation_id as "conversationId", p.user_id as "userId"
     from unnest($1::text[], $2::text[]) as p (conversation_id, user_id)
     where not exists (
       select from membership m where m.conversation_id = p.conversation_id and m.user_id = p.user_id)`,
    [pairs.map((pair) => pair.conversationId), pairs.map((pair) => pair.userId)],
  )
  return new Set(rows.map((row) => `${row.conversationId} ${row.userId}`))
}
