import type { Sql } from '../../platform/db/sql.ts'
import { processBatch } from '../../platform/outbox/batches.ts'
import { type Claim, type Consumer, createConsumer, type Processed } from '../../platform/outbox/consumer.ts'
import { messagesMax, readRecentMessages, type SeqRange } from '../recent-messages.ts'
import { withdrawReplied } from '../withdraw/read.ts'
import { correctRecalled } from '../withdraw/recalled.ts'
import { type DigestSettings, queueDigests } from './digests.ts'
import { type NotificationQueueSettings, queueNotifications } from './notifications.ts'
import { membersMax } from './recipients.ts'

/** The outbox marks that are for push. */
export const pushTopic = 'push'

/** A conversation in hand: how far it was gathered, and how far it has been delivered since. */
interface Backlog extends SeqRange {
  fromVersion: number
  version: number
  memberCount: number
}

const conversationsMax = 200
const leaseSeconds = 60

export const pushConsumer = (sql: Sql): Consumer =>
  createConsumer(sql, { topic: pushTopic, leaseSeconds, order: 'OLDEST' })

// A conversation that was never looked at begins with what was written of late.
const readBacklog = `
  with begun as (
    insert into push_progress (conversation_id, version, seq)
    select c.id, greatest(c.version - ${messagesMax}, 0), greatest(c.max_seq - ${messagesMax}, 0) from conversation c
    where c.id = any($1::text[]) and not exists (select from push_progress p where p.conversation_id = c.id)
    order by c.id
    on conflict do nothing
    returning conversation_id, version, seq
  ), progress as (
    select conversation_id, version, seq from push_progress where conversation_id = any($1::text[])
    union all select * from begun
  )
  select p.conversation_id as "conversationId", p.version as "fromVersion", p.seq as "fromSeq", d.version,
         d.max_seq as "maxSeq", d.delivery_mode = 'SIGNAL' as signalled, c.member_count as "memberCount"
  from progress p
  join delivery d on d.conversation_id = p.conversation_id
  join conversation c on c.id = p.conversation_id`

const advance = `
  update push_progress p set version = greatest(p.version, r.version), seq = greatest(p.seq, r.seq)
  from unnest($1::text[], $2::integer[], $3::integer[]) as r (conversation_id, version, seq)
  where p.conversation_id = r.conversation_id`

/**
 * Turns the marks of some conversations into notices that wait. It is done in steps that may be repeated: whoever
 * is killed in between is followed by somebody who does it again. Returns 0 when there are no marks.
 */
export function enqueueBatch(
  sql: Sql,
  consumer: Consumer,
  settings: NotificationQueueSettings & DigestSettings,
): Promise<number> {
  return processBatch(consumer, conversationsMax, (claims) => enqueue(sql, claims, settings))
}

async function enqueue(
  sql: Sql,
  claims: Claim[],
  settings: NotificationQueueSettings & DigestSettings,
): Promise<Processed[]> {
  const behind = await sql.query<Backlog>(readBacklog, [claims.map((each) => each.conversationId)])
  for (const some of groupByMemberCount(behind)) {
    const news = await readRecentMessages(sql, some)
    await queueNotifications(sql, news, settings)
    await queueDigests(sql, news, settings)
  }
  if (settings.providers.length > 0) {
    await correctRecalled(sql, behind)
    await withdrawReplied(sql, behind)
  }
  await sql.query(advance, [
    behind.map((each) => each.conversationId),
    behind.map((each) => each.version),
    behind.map((each) => each.maxSeq),
  ])
  return behind
}

/** As many together as have members for one statement; a large group is alone. */
function groupByMemberCount(behind: Backlog[]): Backlog[][] {
  const parts: Backlog[][] = []
  let members = membersMax
  for (const each of behind) {
    members += each.memberCount
    if (members > membersMax) {
      parts.push([])
      members = each.memberCount
    }
    parts.at(-1)?.push(each)
  }
  return parts
}
