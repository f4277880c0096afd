import { type Suspension, suspendedRefusal, suspensionOf } from '../../account/suspension.ts'
import type { Config } from '../../config.ts'
import { directSendRefusal } from '../../contact/policy.ts'
import { invalidInput, notFound, type Refusal } from '../../errors.ts'
import { groupSendRefusal, manageRefusal, muteRefusal } from '../../group/policy.ts'
import type { ConversationKind, GroupRole, PostingPolicy } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** What decides whether one person may send to one conversation now. */
export interface SendPermission {
  conversationId: string
  senderId: string
  kind: ConversationKind
  maxSeq: number
  /** null when the sender is not in it. */
  visibleFromSeq: number | null
  role: GroupRole | null
  mutedUntil: Date | null
  postingPolicy: PostingPolicy | null
  mutedAll: boolean | null
  slowModeSeconds: number | null
  lastSentAt: Date | null
  now: Date
  areFriends: boolean
  blockedByMe: boolean
  blockedByPeer: boolean
  peerDeleted: boolean
  /** The sender's own suspension, when one is in force. */
  suspension: Suspension | null
}

// The limit keeps the search for the peer out of groups: as a plain join it would go through all of their members.
const factsOf = `
  select k.conversation_id as "conversationId", k.sender_id as "senderId", c.kind::text as kind, c.max_seq as "maxSeq",
         m.visible_from_seq as "visibleFromSeq", m.role::text as role, m.muted_until as "mutedUntil",
         g.posting_policy::text as "postingPolicy", g.muted_all as "mutedAll",
         g.slow_mode_seconds as "slowModeSeconds", m.last_sent_at as "lastSentAt", clock_timestamp() as now,
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

/** Looks up the facts for each conversation and sender; call it after the conversations are locked. */
export async function loadSendPermissions(
  sql: Sql,
  pairs: { conversationId: string; senderId: string | null }[],
) {
  const distinct = [...new Map(pairs.map((pair) => [pairText(pair), pair])).values()]
  const rows = await sql.query<SendPermission>(factsOf, [
    distinct.map((pair) => pair.conversationId),
    distinct.map((pair) => pair.senderId),
  ])
  const found = new Map(rows.map((row) => [pairText(row), row]))
  return (pair: { conversationId: string; senderId: string | null }) => found.get(pairText(pair))
}

/** The same for one person in one conversation. */
export async function loadSendPermission(sql: Sql, conversationId: string, senderId: string) {
  const sender = { conversationId, senderId }
  return (await loadSendPermissions(sql, [sender]))(sender)
}

/** Why this person may not send here now, or null when they may. */
export function sendRefusal(facts: SendPermission | undefined, config: Config): Refusal | null {
  if (!facts || facts.visibleFromSeq === null) return notFound('conversation')
  if (facts.suspension) return suspendedRefusal(facts.suspension)
  if (facts.kind === 'DIRECT') return directSendRefusal(facts, config)
  return groupSendRefusal({
    role: facts.role ?? 'MEMBER',
    mutedUntil: facts.mutedUntil,
    postingPolicy: facts.postingPolicy ?? 'EVERYONE',
    mutedAll: facts.mutedAll ?? false,
    now: facts.now,
  })
}

/** What follows in the same batch finds this message sent. */
export function markSent(facts: SendPermission): void {
  facts.lastSentAt = facts.now
}

/**
 * Why this person may not do something to a message here that the others notice, or null when they may. Rules about
 * who may send leave it open: where only admins speak, the others nod.
 */
export function reactRefusal(facts: SendPermission | undefined, config: Config): Refusal | null {
  if (!facts || facts.kind === 'DIRECT') return sendRefusal(facts, config)
  return facts.suspension ? suspendedRefusal(facts.suspension) : muteRefusal(facts)
}

/** Why this person may not hold a message up to all here, or null. A group's managers may, whatever else binds them. */
export function pinRefusal(facts: SendPermission | undefined, config: Config): Refusal | null {
  return facts?.kind === 'GROUP' ? manageRefusal(facts.role) : sendRefusal(facts, config)
}

/** A quote must point to a message that the sender can read. */
export function quoteRefusal(facts: SendPermission, quoteSeq: number | null): Refusal | null {
  if (quoteSeq === null) return null
  const readable = quoteSeq >= (facts.visibleFromSeq ?? 1) && quoteSeq <= facts.maxSeq
  return readable
    ? null
    : invalidInput({ path: 'input.quoteSeq', message: 'is not a message of this conversation' })
}
