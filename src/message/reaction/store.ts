import { type UserRow, userColumns } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Connection } from '../../platform/graphql/connection.ts'
import { type PageArgs, readForwardPage } from '../../platform/graphql/page.ts'
import { defineLoader } from '../../platform/loader.ts'
import { type MessagePosition, type MessageRow, positionKey } from '../store.ts'
import type { ReactionCounts } from './policy.ts'

/** A message as of one of its versions: reactions that follow belong to a later one. */
interface MessageState extends MessagePosition {
  version: number
}

const stateKey = (state: MessageState) => `${positionKey(state)} ${state.version}`

/** All reactions with one emoji on one message. */
export interface ReactionGroup extends MessageState {
  messageId: string
  emoji: string
  count: number
}

const loadGroups = defineLoader<MessageState, MessageState & { groups: { emoji: string; count: number }[] }>(
  (sql, states) =>
    sql.query(
      `select conversation_id as "conversationId", seq, version,
              json_agg(json_build_object('emoji', emoji, 'count', count) order by first) as groups
       from (
         select r.conversation_id, r.seq, k.version, r.emoji, count(*) as count, min(r.version) as first
         from reaction r
         join unnest($1::text[], $2::integer[], $3::integer[]) as k (conversation_id, seq, version)
           on r.conversation_id = k.conversation_id and r.seq = k.seq and r.version <= k.version
         group by r.conversation_id, r.seq, k.version, r.emoji
       ) used group by conversation_id, seq, version`,
      [
        states.map((state) => state.conversationId),
        states.map((state) => state.seq),
        states.map((state) => state.version),
      ],
    ),
  stateKey,
  stateKey,
)

/** The reactions of a message by emoji, in the order of first use; none if it was recalled. */
export async function readReactions(ctx: Context, message: MessageRow): Promise<ReactionGroup[]> {
  if (message.recalledAt) return []
  const { id: messageId, conversationId, seq, version } = message
  const state = { conversationId, seq, version }
  const found = await loadGroups(ctx, state)
  return (found?.groups ?? []).map((group) => ({ ...group, messageId, ...state }))
}

type OwnKey = MessageState & { userId: string }

const ownText = (key: OwnKey) => `${stateKey(key)} ${key.userId}`

const loadOwn = defineLoader<OwnKey, OwnKey & { emojis: string[] }>(
  (sql, keys) =>
    sql.query(
      `select r.conversation_id as "conversationId", r.seq, k.version, r.user_id as "userId",
              array_agg(r.emoji) as emojis
       from reaction r
       join unnest($1::text[], $2::integer[], $3::integer[], $4::text[]) as k (conversation_id, seq, version, user_id)
         on r.conversation_id = k.conversation_id and r.seq = k.seq and r.version <= k.version
            and r.user_id = k.user_id
       group by r.conversation_id, r.seq, k.version, r.user_id`,
      [
        keys.map((key) => key.conversationId),
        keys.map((key) => key.seq),
        keys.map((key) => key.version),
        keys.map((key) => key.userId),
      ],
    ),
  ownText,
  ownText,
)

export async function reactedByMe(ctx: Context, group: ReactionGroup): Promise<boolean> {
  const { conversationId, seq, version, emoji } = group
  const own = await loadOwn(ctx, { conversationId, seq, version, userId: requireViewer(ctx).userId })
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
