import { type UserRow, userColumns } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Connection } from '../../platform/graphql/connection.ts'
import { type PageArgs, readForwardPage } from '../../platform/graphql/page.ts'
import { defineLoader } from '../../platform/loader.ts'
import { type MessagePosition, type MessageRow, positionKey } from '../store.ts'
import type { ReactionCounts } from './policy.ts'

/** All reactions with one emoji on one message. */
export interface ReactionGroup extends MessagePosition {
  messageId: string
  emoji: string
  count: number
}

const loadGroups = defineLoader<
  MessagePosition,
  MessagePosition & { groups: { emoji: string; count: number }[] }
>(
  (sql, places) =>
    sql.query(
      `select conversation_id as "conversationId", seq,
              json_agg(json_build_object('emoji', emoji, 'count', count) order by first) as groups
       from (
         select r.conversation_id, r.seq, r.emoji, count(*) as count, min(r.version) as first
         from reaction r
         join unnest($1::text[], $2::integer[]) as k (conversation_id, seq)
           on r.conversation_id = k.conversation_id and r.seq = k.seq
         group by r.conversation_id, r.seq, r.emoji
       ) used group by conversation_id, seq`,
      [places.map((place) => place.conversationId), places.map((place) => place.seq)],
    ),
  positionKey,
  positionKey,
)

/** The reactions of a message by emoji, in the order of first use; none if it was recalled. */
export async function readReactions(ctx: Context, message: MessageRow): Promise<ReactionGroup[]> {
  if (message.recalledAt) return []
  const { id: messageId, conversationId, seq } = message
  const found = await loadGroups(ctx, { conversationId, seq })
  return (found?.groups ?? []).map((group) => ({ ...group, messageId, conversationId, seq }))
}

type OwnKey = MessagePosition & { userId: string }

const ownText = (key: OwnKey) => `${positionKey(key)} ${key.userId}`

const loadOwn = defineLoader<OwnKey, OwnKey & { emojis: string[] }>(
  (sql, keys) =>
    sql.query(
      `select r.conversation_id as "conversationId", r.seq, r.user_id as "userId", array_agg(r.emoji) as emojis
       from reaction r
       join unnest($1::text[], $2::integer[], $3::text[]) as k (conversation_id, seq, user_id)
         on r.conversation_id = k.conversation_id and r.seq = k.seq and r.user_id = k.user_id
       group by r.conversation_id, r.seq, r.user_id`,
      [keys.map((key) => key.conversationId), keys.map((key) => key.seq), keys.map((key) => key.userId)],
    ),
  ownText,
  ownText,
)

export async function reactedByMe(ctx: Context, group: ReactionGroup): Promise<boolean> {
  const { conversationId, seq, emoji } = group
  const own = await loadOwn(ctx, { conversationId, seq, userId: requireViewer(ctx).userId })
  return own?.emojis.includes(emoji) ?? false
}

const usersPage = `
  select ${userColumns}, r.version as place
  from reaction r join "user" u on u.id = r.user_id
  where r.conversation_id = $1 and r.seq = $2 and r.emoji = $3 and r.version > $4
  order by r.version limit $5`

/** The users who reacted with the emoji, in the order of their reactions. */
export async function listReactors(
  ctx: Context,
  { conversationId, seq, emoji, count }: ReactionGroup,
  args: PageArgs,
): Promise<Connection<UserRow>> {
  const page = await readForwardPage(ctx.config.limits, args, {
    key: ['number'],
    read: ([after], limit) =>
      ctx.sql.query<UserRow & { place: number }>(usersPage, [conversationId, seq, emoji, after ?? 0, limit]),
    keyOf: (row) => [row.place],
  })
  return { ...page, totalCount: () => count }
}

const readCounts = `
  select coalesce(bool_or(emoji = $4 and user_id = $3), false) as mine, coalesce(bool_or(emoji = $4), false) as used,
         count(distinct emoji)::integer as "distinctCount",
         (count(*) filter (where user_id = $3))::integer as "ownCount"
  from reaction where conversation_id = $1 and seq = $2`

export async function countReactions(
  sql: Sql,
  { conversationId, seq }: MessagePosition,
  userId: string,
  emoji: string,
): Promise<ReactionCounts> {
  const [facts] = await sql.query<ReactionCounts>(readCounts, [conversationId, seq, userId, emoji])
  return facts as ReactionCounts
}
