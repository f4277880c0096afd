import type { Sql } from '../platform/db/sql.ts'
import type { AppendedMessage, Change } from '../transaction.ts'

/** What a conversation has not delivered to its members yet. */
export interface Deliverable {
  id: string
  version: number
  revision: number
  maxSeq: number
  deliveredVersion: number
  deliveredRevision: number
  deliveredMaxSeq: number
  /** Age of the newest message. */
  ageSeconds: number
  /** Separated by spaces; null if the conversation is left to the worker. */
  memberIds: string | null
  /** Mentioned in messages that are not delivered; null stands for all members. */
  mentionedIds: (string | null)[] | null
}

// A small INLINE conversation is delivered by the transaction that changes it: numbering every member costs the sender
// less than a mark and a second transaction. A worker numbers the changes of many batches at once, which pays in large
// ones. A conversation with a mark is left to the worker, which may be numbering its earlier changes. Key by key, so that
// the plan does not depend on the sizes of tables.
const readDeliverable = `
  select c.id, c.version, c.revision, c.max_seq as "maxSeq", d.version as "deliveredVersion",
         d.revision as "deliveredRevision", d.max_seq as "deliveredMaxSeq",
         extract(epoch from clock_timestamp() - c.last_activity_at)::float8 as "ageSeconds",
         case when c.delivery_mode = 'INLINE' and d.mode = 'INLINE' and c.member_count <= $2
                and (select count(*) from delivery_mark where conversation_id = c.id) = 0
           then (select coalesce(string_agg(user_id, ' '), '') from membership where conversation_id = c.id)
         end as "memberIds",
         case when c.max_seq > d.max_seq
           then (select json_agg(distinct user_id) from mention
                 where conversation_id = c.id and seq > d.max_seq and seq <= c.max_seq) end as "mentionedIds"
  from unnest($1::text[]) as k (id)
  cross join lateral (select * from conversation where id = k.id limit 1) c
  cross join lateral (select * from delivery where conversation_id = k.id limit 1) d`

/** Reads what conversations have to deliver, and to whom. Requires their locks. */
export const readDeliverables = (sql: Sql, conversationIds: string[], membersMax: number) =>
  sql.query<Deliverable>(readDeliverable, [conversationIds, membersMax])

/** Adds messages that were appended after the read. */
export function addAppended(
  deliverables: readonly Deliverable[],
  appended: readonly AppendedMessage[],
): Deliverable[] {
  const found = new Map(deliverables.map((each) => [each.id, { ...each }]))
  const grown = new Map<string, Deliverable>()
  for (const { conversationId, seq, version, mentions } of appended) {
    const deliverable = found.get(conversationId)
    if (!deliverable) continue
    grown.set(conversationId, deliverable)
    deliverable.maxSeq = seq
    deliverable.version = version
    deliverable.ageSeconds = 0
    if (mentions.length > 0) deliverable.mentionedIds = [...(deliverable.mentionedIds ?? []), ...mentions]
  }
  return [...grown.values()]
}

/** The changes for the members: messages of all conversations, then conversations. */
export function changesForMembers(deliverables: readonly Deliverable[]): Change[] {
  const messages: Change[] = []
  const conversations: Change[] = []
  for (const each of deliverables) {
    const { id: subjectId, mentionedIds } = each
    const hint = { from: each.deliveredVersion, to: each.version }
    const hasMessages = each.version > each.deliveredVersion
    const isRevised = each.revision > each.deliveredRevision
    const areAllMentioned = mentionedIds?.includes(null) ?? false
    for (const userId of each.memberIds ? each.memberIds.split(' ') : []) {
      const isMentioned = areAllMentioned || (mentionedIds?.includes(userId) ?? false)
      if (hasMessages || !isRevised) messages.push({ userId, kind: 'messages', subjectId, hint })
      if (isRevised || !hasMessages || isMentioned)
        conversations.push({ userId, kind: 'conversation', subjectId })
    }
  }
  return [...messages, ...conversations]
}
