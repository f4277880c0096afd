import { type Suspension, suspendedRefusal, suspensionOf } from '../../account/suspension.ts'
import type { Config } from '../../config.ts'
import { directSendRefusal } from '../../contact/policy.ts'
import { invalidInput, notFound, type Refusal } from '../../errors.ts'
import { groupSendRefusal, manageRefusal, mentionAllRefusal, muteRefusal } from '../../group/policy.ts'
import type {
  ConversationKind,
  GroupRole,
  MentionAllPolicy,
  PostingPolicy,
} from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** What decides whether a user may send to a conversation now. */
export interface SendPermission {
  conversationId: string
  senderId: string
  kind: ConversationKind
  maxSeq: number
  /** Null if the sender is not a member. */
  visibleFromSeq: number | null
  role: GroupRole | null
  mutedUntil: Date | null
  postingPolicy: PostingPolicy | null
  mentionAllPolicy: MentionAllPolicy | null
  memberCount: number
  mutedAll: boolean | null
  slowModeSeconds: number | null
  lastSentAt: Date | null
  now: Date
  areFriends: boolean
  blockedByMe: boolean
  blockedByPeer: boolean
  peerDeleted: boolean
  /** The sender's active suspension. */
  suspension: Suspension | null
}

// The lateral join with a limit reads the peer of direct conversations only; a plain join reads all members of groups.
const readPermissions = `
  select k.conversation_id as "conversationId", k.sender_id as "senderId", c.kind::text as kind, c.max_seq as "maxSeq",
         m.visible_from_seq as "visibleFromSeq", m.role::text as role, m.muted_until as "mutedUntil",
         g.posting_policy::text as "postingPolicy", g.mention_all_policy::text as "mentionAllPolicy",
         c.member_count as "memberCount", g.muted_all as "mutedAll",
         g.slow_mode_seconds as "slowModeSeconds", m.last_sent_at as "lastSentAt", date_trunc('milliseconds', clock_timestamp()) as now,
         p.user_id is not null and exists (
           select from friendship f where f.user_id = k.sender_id and f.friend_id = p.user_id) as "areFriends",
         p.user_id is not null and exists (
           select from block b where b.blocker_id = k.sender_id and b.blocked_id = p.user_id) as "blockedByMe",
         p.user_id is not null and exists (
           select from block b where b.blocker_id = p.user_id and b.blocked_id = k.sender_id) as "blockedByPeer",
         coalesce(u.deleted_at is not null, false) as "peerDeleted",
         ${suspensionOf('k.sender_id')} as suspension
  from unnest($1::text[], $2::text[]) as k (conversation_id, sender_id)
  join conversation c on c.id = k.conversation_id
  left join membership m on m.conversation_id = c.id and m.user_id = k.sender_id
  left join group_conversation g on g.conversation_id = c.id
  left join lateral (
    select user_id from membership
    where c.kind = 'DIRECT' and conversation_id = c.id and user_id <> k.sender_id limit 1
  ) p on true
  left join "user" u on u.id = p.user_id`

const pairText = (pair: { conversationId: string; senderId: string | null }) =>
  `${pair.conversationId} ${pair.senderId}`

/** Loads the permission of each sender in each conversation. Requires the locks of the conversations. */
export async function loadSendPermissions(
  sql: Sql,
  pairs: { conversationId: string; senderId: string | null }[],
) {
  const distinct = [...new Map(pairs.map((pair) => [pairText(pair), pair])).values()]
  const rows = await sql.query<SendPermission>(readPermissions, [
    distinct.map((pair) => pair.conversationId),
    distinct.map((pair) => pair.senderId),
  ])
  const found = new Map(rows.map((row) => [pairText(row), row]))
  return (pair: { conversationId: string; senderId: string | null }) => found.get(pairText(pair))
}

export async function loadSendPermission(sql: Sql, conversationId: string, senderId: string) {
  const sender = { conversationId, senderId }
  return (await loadSendPermissions(sql, [sender]))(sender)
}

/** Why the sender may not send now, or null. */
export function sendRefusal(permission: SendPermission | undefined, config: Config): Refusal | null {
  if (!permission || permission.visibleFromSeq === null) return notFound('conversation')
  if (permission.suspension) return suspendedRefusal(permission.suspension)
  if (permission.kind === 'DIRECT') return directSendRefusal(permission, config)
  return groupSendRefusal({
    role: permission.role ?? 'MEMBER',
    mutedUntil: permission.mutedUntil,
    postingPolicy: permission.postingPolicy ?? 'EVERYONE',
    mutedAll: permission.mutedAll ?? false,
    now: permission.now,
  })
}

/** Applies slow mode to the sender's next message in the same batch. */
export function markSent(permission: SendPermission): void {
  permission.lastSentAt = permission.now
}

/** Why the sender may not react, or null. Members may react where only admins may send. */
export function reactRefusal(permission: SendPermission | undefined, config: Config): Refusal | null {
  if (!permission || permission.kind === 'DIRECT') return sendRefusal(permission, config)
  return permission.suspension ? suspendedRefusal(permission.suspension) : muteRefusal(permission)
}

/** Why the sender may not pin or unpin, or null. In a group, owner and admins may. */
export function pinRefusal(permission: SendPermission | undefined, config: Config): Refusal | null {
  return permission?.kind === 'GROUP' ? manageRefusal(permission.role) : sendRefusal(permission, config)
}

/** Why the sender may not write these mentions, or null. In a direct conversation, both users may mention all. */
export function mentionsRefusal(
  { kind, role, memberCount, mentionAllPolicy }: SendPermission,
  mentions: (string | null)[],
  config: Config,
): Refusal | null {
  if (kind === 'DIRECT' || !mentions.includes(null)) return null
  return mentionAllRefusal({ role, memberCount, mentionAllPolicy: mentionAllPolicy ?? 'BY_SIZE' }, config)
}

/** The quoted message must be readable by the sender. */
export function quoteRefusal(permission: SendPermission, quoteSeq: number | null): Refusal | null {
  if (quoteSeq === null) return null
  const readable = quoteSeq >= (permission.visibleFromSeq ?? 1) && quoteSeq <= permission.maxSeq
  return readable
    ? null
    : invalidInput({ path: 'input.quoteSeq', message: 'is not a message of this conversation' })
}
