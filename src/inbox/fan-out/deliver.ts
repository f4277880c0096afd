import type { Sql } from '../../platform/db/sql.ts'
import type { Change } from '../../transaction.ts'
import { announce, type NumberedChange } from '../announce.ts'
import { changesOf, type PendingDelivery } from './pending-delivery.ts'

/** A changed conversation. The users are null if its changes are left to the worker. */
interface Changed extends PendingDelivery {
  memberIds: string[] | null
  /** Members whom the new messages mention; null stands for all. */
  mentionedIds: (string | null)[] | null
}

// In a small conversation, numbering every member costs the sender less than a mark and a second transaction. A worker
// numbers the changes of many batches at once, which pays in large ones. A conversation with a mark is left to the worker,
// which may be numbering its earlier changes.
const readChanged = `
  select c.id as "conversationId", c.delivery_mode::text as mode, d.delivery_mode::text as "deliveredMode", c.version,
         d.version as "deliveredVersion", c.revision, d.revision as "deliveredRevision", c.max_seq as "maxSeq",
         d.max_seq as "deliveredMaxSeq", c.message_count as "messageCount",
         extract(epoch from clock_timestamp() - c.last_activity_at)::float8 as "ageSeconds", false as abandoned,
         m.ids as "memberIds", n.ids as "mentionedIds"
  from unnest($1::text[]) as k (id)
  cross join lateral (select * from conversation where id = k.id limit 1) c
  cross join lateral (select * from delivery where conversation_id = k.id limit 1) d
  left join lateral (
    select coalesce(array_agg(user_id), '{}') as ids from membership where conversation_id = k.id
  ) m on c.delivery_mode = 'INLINE' and d.delivery_mode = 'INLINE' and c.member_count <= $2
    and not exists (select from delivery_mark where conversation_id = k.id)
  left join lateral (
    select array_agg(distinct user_id) as ids from mention
    where conversation_id = k.id and seq > d.max_seq and seq <= c.max_seq
  ) n on m.ids is not null`

const insertMarks = `
  insert into delivery_mark (conversation_id, version, revision)
  select * from unnest($1::text[], $2::integer[], $3::integer[]) on conflict do nothing`

/** What a transaction numbered, and whether it left conversations to the worker. */
export interface Delivered {
  numbered: NumberedChange[]
  deliveries: PendingDelivery[]
  marked: boolean
}

/**
 * Numbers changes of users, and the changes of conversations for their members, or marks them for the worker. Call it last
 * in a transaction; it requires the locks of the conversations.
 */
export async function deliver(
  sql: Sql,
  changes: Change[],
  { conversationIds, membersMax }: { conversationIds: string[]; membersMax: number },
): Promise<Delivered> {
  const changed =
    conversationIds.length > 0 ? await sql.query<Changed>(readChanged, [conversationIds, membersMax]) : []
  const deliveries = changed.filter(({ memberIds }) => memberIds !== null)
  const later = changed.filter(({ memberIds }) => memberIds === null)
  if (later.length > 0)
    await sql.query(insertMarks, [
      later.map((each) => each.conversationId),
      later.map((each) => each.version),
      later.map((each) => each.revision),
    ])
  const toMembers = deliveries.flatMap((each) =>
    changesOf(each, each.memberIds ?? [], mentionedMembers(each)),
  )
  const numbered = await announce(sql, [...changes, ...toMembers], deliveries)
  return { numbered, deliveries, marked: later.length > 0 }
}

const mentionedMembers = ({ memberIds, mentionedIds }: Changed) =>
  mentionedIds?.filter((userId) => userId === null || memberIds?.includes(userId)) ?? []
