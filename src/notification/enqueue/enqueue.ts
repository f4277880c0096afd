import { processBatch } from '../../conversation/outbox/batches.ts'
import {
  type Claim,
  type Consumer,
  createConsumer,
  type Processed,
} from '../../conversation/outbox/consumer.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { messagesMax, readRecentMessages, type SeqRange } from '../recent-messages.ts'
import { withdrawReplied } from '../withdraw/read.ts'
import { correctRecalled } from '../withdraw/recalled.ts'
import { queueAddedMentions } from './added-mentions.ts'
import { type DigestSettings, queueDigests } from './digests.ts'
import { type NotificationQueueSettings, queueNotifications } from './notifications.ts'
import { membersMax } from './recipients.ts'

/** The topic of push in the outbox. */
export const pushTopic = 'push'

/** A conversation from what push has processed (`from…`) to what is delivered. */
interface Backlog extends SeqRange {
  fromVersion: number
  version: number
  memberCount: number
}

const conversationsMax = 200
const leaseSeconds = 60

export const pushConsumer = (sql: Sql): Consumer =>
  createConsumer(sql, { topic: pushTopic, leaseSeconds, order: 'OLDEST' })

// The first time, a conversation begins with its most recent messages.
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
         d.max_seq as "maxSeq", d.mode = 'SIGNAL' as signalled, c.member_count as "memberCount"
  from progress p
  join delivery d on d.conversation_id = p.conversation_id
  join conversation c on c.id = p.conversation_id`

const advance = `
  update push_progress p set version = greatest(p.version, r.version), seq = greatest(p.seq, r.seq)
  from unnest($1::text[], $2::integer[], $3::integer[]) as r (conversation_id, version, seq)
  where p.conversation_id = r.conversation_id`

/**
 * Turns the marks of some conversations into queued notifications. Each step is idempotent, so that another process can
 * repeat the work of one that was killed. Returns 0 when there are no marks.
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
  const backlogs = await sql.query<Backlog>(readBacklog, [claims.map((each) => each.conversationId)])
  for (const group of groupByMemberCount(backlogs)) {
    const messages = await readRecentMessages(sql, group)
    await queueNotifications(sql, messages, settings)
    await queueDigests(sql, messages, settings)
  }
  if (settings.providers.length > 0) {
    await queueAddedMentions(sql, backlogs, settings)
    await correctRecalled(sql, backlogs)
    await withdrawReplied(sql, backlogs)
  }
  await sql.query(advance, [
    backlogs.map((each) => each.conversationId),
    backlogs.map((each) => each.version),
    backlogs.map((each) => each.maxSeq),
  ])
  return backlogs
}

/** Groups of conversations with at most `membersMax` members together; a larger group stands alone. */
function groupByMemberCount(backlogs: Backlog[]): Backlog[][] {
  const groups: Backlog[][] = []
  let members = membersMax
  for (const each of backlogs) {
    members += each.memberCount
    if (members > membersMax) {
      groups.push([])
      members = each.memberCount
    }
    groups.at(-1)?.push(each)
  }
  return groups
}
