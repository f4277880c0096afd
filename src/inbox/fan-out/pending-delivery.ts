import type { ConversationKind, DeliveryMode } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Change } from '../../transaction.ts'

/** A conversation in hand: how far it was delivered, and how far it has come since. */
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
  /** Since the newest message was sent. */
  ageSeconds: number
  /** Delivered some time ago, but the mark is still there: its worker died before the readers were told. */
  abandoned: boolean
}

export const hasChanges = (due: PendingDelivery) =>
  due.version > due.deliveredVersion || due.revision > due.deliveredRevision

/** What each member is to be told: everybody of an INLINE conversation, of a SIGNAL one those who sent or are named. */
export async function changesToDeliver(sql: Sql, done: PendingDelivery[]): Promise<Change[]> {
  const members = await everyMember(
    sql,
    done.filter((due) => due.mode === 'INLINE' || due.deliveredMode !== due.mode),
  )
  const involved = await involvedSince(
    sql,
    done.filter((due) => due.maxSeq > due.deliveredMaxSeq),
  )
  return done.flatMap((due) => {
    const everyone = members.get(due.conversationId) ?? []
    const subjectId = due.conversationId
    const turned = due.deliveredMode !== due.mode
    // What an abandoned delivery told is not known, so it is told again, all of it.
    const again = turned || !hasChanges(due)
    const messages = due.version > due.deliveredVersion || again
    const revised = due.revision > due.deliveredRevision || again
    const hint = { from: due.deliveredVersion, to: due.version }
    const changes: Change[] = []
    for (const userId of messages ? everyone : []) changes.push({ userId, kind: 'messages', subjectId, hint })
    for (const userId of revised ? everyone : []) changes.push({ userId, kind: 'conversation', subjectId })
    for (const each of involved.get(subjectId) ?? [])
      changes.push(...(each.sent ? readByItsSender(due, each.userId, everyone) : mentioned(each, everyone)))
    return changes
  })
}

/** What is sent is read by its sender: on the sender's own devices, and for the peer of a direct conversation. */
function readByItsSender(
  { kind, conversationId: subjectId }: PendingDelivery,
  sender: string,
  everyone: string[],
): Change[] {
  const peers = kind === 'DIRECT' ? everyone.filter((userId) => userId !== sender) : []
  return [
    { userId: sender, kind: 'conversation', subjectId },
    ...peers.map((userId) => ({ userId, kind: 'receipts', subjectId }) as const),
  ]
}

/** A mention counts in the membership of those whom it means. */
function mentioned({ conversationId: subjectId, userId }: Involved, everyone: string[]): Change[] {
  const people = userId === null ? everyone : [userId]
  return people.map((each) => ({ userId: each, kind: 'conversation', subjectId }))
}

async function everyMember(sql: Sql, due: PendingDelivery[]): Promise<Map<string, string[]>> {
  if (due.length === 0) return new Map()
  const rows = await sql.query<{ conversationId: string; userId: string }>(
    `select conversation_id as "conversationId", user_id as "userId" from membership
     where conversation_id = any($1::text[])`,
    [due.map((each) => each.conversationId)],
  )
  const people = byConversation(rows)
  return new Map([...people].map(([id, members]) => [id, members.map((member) => member.userId)]))
}

/** Somebody who sent, or whom a message names; null is all. */
type Involved = { conversationId: string } & (
  | { sent: true; userId: string }
  | { sent: false; userId: string | null }
)

// Who sent is known before anybody asks who is still a member: the other way round is a way through the whole
// conversation for each of them. Between two bounds few messages are expected, after one a third of all.
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

async function involvedSince(sql: Sql, due: PendingDelivery[]): Promise<Map<string, Involved[]>> {
  if (due.length === 0) return new Map()
  const params = [
    due.map((each) => each.conversationId),
    due.map((each) => each.deliveredMaxSeq),
    due.map((each) => each.maxSeq),
  ]
  return byConversation(await sql.query<Involved>(involvedBetween, params))
}

function byConversation<Row extends { conversationId: string }>(rows: Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) found.set(row.conversationId, [...(found.get(row.conversationId) ?? []), row])
  return found
}
