import type { ConversationKind, DeliveryMode } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Change } from '../../transaction.ts'

/** A claimed conversation: its current state and the state that was last delivered. */
export interface PendingDelivery {
  conversationId: string
  kind: ConversationKind
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

/** The changes to number: for every member of an INLINE conversation; of a SIGNAL one for senders and mentioned members. */
export async function changesToDeliver(sql: Sql, deliveries: PendingDelivery[]): Promise<Change[]> {
  const members = await everyMember(
    sql,
    deliveries.filter(({ mode, deliveredMode }) => mode === 'INLINE' || deliveredMode !== mode),
  )
  const involved = await involvedSince(
    sql,
    deliveries.filter(({ maxSeq, deliveredMaxSeq }) => maxSeq > deliveredMaxSeq),
  )
  return deliveries.flatMap((delivery) => {
    const { conversationId: subjectId, version, deliveredVersion, revision, deliveredRevision } = delivery
    const userIds = members.get(subjectId) ?? []
    const modeChanged = delivery.deliveredMode !== delivery.mode
    // What an abandoned delivery published is unknown, so everything is delivered again.
    const everything = modeChanged || !hasChanges(delivery)
    const hint = { from: deliveredVersion, to: version }
    const changes: Change[] = []
    if (version > deliveredVersion || everything)
      for (const userId of userIds) changes.push({ userId, kind: 'messages', subjectId, hint })
    if (revision > deliveredRevision || everything)
      for (const userId of userIds) changes.push({ userId, kind: 'conversation', subjectId })
    for (const each of involved.get(subjectId) ?? [])
      changes.push(...(each.sent ? readBySender(delivery, each.userId, userIds) : mentioned(each, userIds)))
    return changes
  })
}

/** Sending advances the sender's read position, which the sender's devices and the direct peer show. */
function readBySender(
  { kind, conversationId: subjectId }: PendingDelivery,
  sender: string,
  memberIds: string[],
): Change[] {
  const peers = kind === 'DIRECT' ? memberIds.filter((userId) => userId !== sender) : []
  return [
    { userId: sender, kind: 'conversation', subjectId },
    ...peers.map((userId) => ({ userId, kind: 'receipts', subjectId }) as const),
  ]
}

/** A mention changes the membership of the mentioned members. */
function mentioned({ conversationId: subjectId, userId }: Involved, memberIds: string[]): Change[] {
  const userIds = userId === null ? memberIds : [userId]
  return userIds.map((each) => ({ userId: each, kind: 'conversation', subjectId }))
}

async function everyMember(sql: Sql, pending: PendingDelivery[]): Promise<Map<string, string[]>> {
  if (pending.length === 0) return new Map()
  const rows = await sql.query<{ conversationId: string; userId: string }>(
    `select conversation_id as "conversationId", user_id as "userId" from membership
     where conversation_id = any($1::text[])`,
    [pending.map((each) => each.conversationId)],
  )
  const people = byConversation(rows)
  return new Map([...people].map(([id, members]) => [id, members.map((member) => member.userId)]))
}

/** A user who sent a message or is mentioned in one; null is a mention of all. */
type Involved = { conversationId: string } & (
  | { sent: true; userId: string }
  | { sent: false; userId: string | null }
)

// Senders first, then their memberships: the reverse order would scan the conversation once per member. With both bounds
// the planner expects few messages, with one bound a third of all.
const involvedBetween = `
  select k.conversation_id as "conversationId", s.sender_id as "userId", true as sent
  from unnest($1::text[], $2::integer[], $3::integer[]) as k (conversation_id, after_seq, max_seq)
  cross join lateral (
    select distinct sender_id from message
    where conversation_id = k.conversation_id and seq > k.after_seq and seq <= k.max_seq and sender_id is not null
  ) s
  join membership m on m.conversation_id = k.conversation_id and m.user_id = s.sender_id
  union all
  select distinct n.conversation_id, n.user_id, false
  from unnest($1::text[], $2::integer[], $3::integer[]) as k (conversation_id, after_seq, max_seq)
  join mention n on n.conversation_id = k.conversation_id and n.seq > k.after_seq and n.seq <= k.max_seq
  left join membership m on m.conversation_id = n.conversation_id and m.user_id = n.user_id
  where n.user_id is null or m.user_id is not null`

async function involvedSince(sql: Sql, pending: PendingDelivery[]): Promise<Map<string, Involved[]>> {
  if (pending.length === 0) return new Map()
  const params = [
    pending.map((each) => each.conversationId),
    pending.map((each) => each.deliveredMaxSeq),
    pending.map((each) => each.maxSeq),
  ]
  return byConversation(await sql.query<Involved>(involvedBetween, params))
}

function byConversation<Row extends { conversationId: string }>(rows: Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) found.set(row.conversationId, [...(found.get(row.conversationId) ?? []), row])
  return found
}
