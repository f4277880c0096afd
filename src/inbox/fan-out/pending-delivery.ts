import type { DeliveryMode } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Change } from '../../transaction.ts'

/** A claimed conversation: its current state and the state that was last delivered. */
export interface PendingDelivery {
  conversationId: string
  mode: DeliveryMode
  deliveredMode: DeliveryMode
  version: number
  deliveredVersion: number
  revision: number
  deliveredRevision: number
  maxSeq: number
  deliveredMaxSeq: number
  messageCount: number
  /** Time since the newest message was sent. */
  ageSeconds: number
  /** Delivered some time ago, but the mark is still there: the worker was killed before it published. */
  abandoned: boolean
}

export const hasChanges = ({ version, deliveredVersion, revision, deliveredRevision }: PendingDelivery) =>
  version > deliveredVersion || revision > deliveredRevision

/**
 * The changes to number. `involved` are the users whose membership changes with the messages: mentioned ones, null for all
 * members, and in a SIGNAL conversation the senders, who have read what they sent. In the others the message itself says
 * so. `memberIds` is empty for a conversation of the clock, unless its mode has changed.
 */
function changesOf(
  delivery: PendingDelivery,
  memberIds: readonly string[],
  involved: readonly (string | null)[],
): Change[] {
  const { conversationId: subjectId, version, deliveredVersion, revision, deliveredRevision } = delivery
  // What an abandoned delivery published is unknown, so everything is delivered again.
  const everything = delivery.deliveredMode !== delivery.mode || !hasChanges(delivery)
  // The clock numbers no stream, so what a stream has of the earlier deliveries does not follow from its number.
  const isFromClock = delivery.deliveredMode !== 'INLINE' && delivery.deliveredMode !== delivery.mode
  const hint = { from: isFromClock ? null : deliveredVersion, to: version }
  const changes: Change[] = []
  if (version > deliveredVersion || everything)
    for (const userId of memberIds) changes.push({ userId, kind: 'messages', subjectId, hint })
  if (revision > deliveredRevision || everything)
    for (const userId of memberIds) changes.push({ userId, kind: 'conversation', subjectId })
  for (const userId of involved)
    for (const each of userId === null ? memberIds : [userId])
      changes.push({ userId: each, kind: 'conversation', subjectId })
  return changes
}

/** The changes of claimed conversations. The statements are sent at once. */
export async function changesToDeliver(sql: Sql, deliveries: PendingDelivery[]): Promise<Change[]> {
  const [members, involved] = await Promise.all([
    everyMember(
      sql,
      deliveries.filter(({ mode, deliveredMode }) => mode === 'INLINE' || deliveredMode !== mode),
    ),
    involvedSince(
      sql,
      deliveries.filter(({ maxSeq, deliveredMaxSeq }) => maxSeq > deliveredMaxSeq),
    ),
  ])
  return deliveries.flatMap((delivery) => {
    const { conversationId } = delivery
    return changesOf(delivery, members.get(conversationId) ?? [], involved.get(conversationId) ?? [])
  })
}

async function everyMember(sql: Sql, pending: PendingDelivery[]): Promise<Map<string, string[]>> {
  if (pending.length === 0) return new Map()
  return usersOf(
    await sql.query<InConversation<string>>(
      `select conversation_id as "conversationId", user_id as "userId" from membership
       where conversation_id = any($1::text[])`,
      [pending.map((each) => each.conversationId)],
    ),
  )
}

// Senders first, then their memberships: the reverse order would scan the conversation once per member. With both bounds
// the planner expects few messages, with one bound a third of all.
const involvedBetween = `
  select k.conversation_id as "conversationId", s.sender_id as "userId"
  from unnest($1::text[], $2::integer[], $3::integer[], $4::message_delivery_mode[])
    as k (conversation_id, after_seq, max_seq, mode)
  cross join lateral (
    select distinct sender_id from message
    where k.mode = 'SIGNAL' and conversation_id = k.conversation_id and seq > k.after_seq and seq <= k.max_seq
      and sender_id is not null
  ) s
  join membership m on m.conversation_id = k.conversation_id and m.user_id = s.sender_id
  union
  select n.conversation_id, m.user_id
  from unnest($1::text[], $2::integer[], $3::integer[], $4::message_delivery_mode[])
    as k (conversation_id, after_seq, max_seq, mode)
  join mention n on n.conversation_id = k.conversation_id and n.seq > k.after_seq and n.seq <= k.max_seq
  left join membership m on m.conversation_id = n.conversation_id
    and (m.user_id = n.user_id or n.user_id is null and k.mode = 'BROADCAST')
  where n.user_id is null or m.user_id is not null`

async function involvedSince(sql: Sql, pending: PendingDelivery[]): Promise<Map<string, (string | null)[]>> {
  if (pending.length === 0) return new Map()
  return usersOf(
    await sql.query<InConversation<string | null>>(involvedBetween, [
      pending.map((each) => each.conversationId),
      pending.map((each) => each.deliveredMaxSeq),
      pending.map((each) => each.maxSeq),
      pending.map((each) => each.mode),
    ]),
  )
}

interface InConversation<User> {
  conversationId: string
  userId: User
}

function usersOf<User>(rows: InConversation<User>[]): Map<string, User[]> {
  const found = new Map<string, User[]>()
  for (const { conversationId, userId } of rows) {
    const users = found.get(conversationId)
    if (users) users.push(userId)
    else found.set(conversationId, [userId])
  }
  return found
}
