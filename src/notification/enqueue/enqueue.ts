import type { Sql } from '../../platform/db/sql.ts'
import { messagesMax, readNews, type Stretch } from '../recent-messages.ts'
import { withdrawAnswered } from '../withdraw/read.ts'
import { correctRecalled } from '../withdraw/recalled.ts'
import { type DigestSettings, queueDigests } from './digests.ts'
import { type NoticeSettings, queueNotices } from './notifications.ts'
import { membersMax } from './recipients.ts'

/** The outbox marks that are for push. */
export const pushTopic = 'push'

/** A conversation in hand: how far it was gathered, and how far it has been delivered since. */
interface Behind extends Stretch {
  fromVersion: number
  version: number
  memberCount: number
}

const conversationsMax = 200
const leaseSeconds = 60

// A conversation that was never looked at begins with what was written of late.
const begin = `
  insert into push_progress (conversation_id, version, seq)
  select c.id, greatest(c.version - ${messagesMax}, 0), greatest(c.max_seq - ${messagesMax}, 0) from conversation c
  where c.id in (select conversation_id from outbox_mark where topic = '${pushTopic}')
    and not exists (select from push_progress p where p.conversation_id = c.id)
  order by c.id limit 1000
  on conflict do nothing`

// The oldest marks first: whoever keeps writing keeps nobody waiting.
const claim = `
  with marked as (
    select conversation_id, min(marked_at) as since from outbox_mark where topic = '${pushTopic}' group by conversation_id
  ), due as materialized (
    select p.conversation_id, d.version, d.max_seq, d.delivery_mode, c.member_count
    from marked k
    join push_progress p on p.conversation_id = k.conversation_id
    join delivery d on d.conversation_id = k.conversation_id
    join conversation c on c.id = k.conversation_id
    where p.leased_until is null or p.leased_until < clock_timestamp()
    order by k.since limit ${conversationsMax} for no key update of p skip locked
  )
  update push_progress p set leased_until = clock_timestamp() + interval '${leaseSeconds} seconds'
  from due where p.conversation_id = due.conversation_id
  returning p.conversation_id as "conversationId", p.version as "fromVersion", p.seq as "fromSeq", due.version,
            due.max_seq as "maxSeq", due.delivery_mode = 'SIGNAL' as signalled, due.member_count as "memberCount"`

const advance = `
  update push_progress p
  set version = greatest(p.version, r.version), seq = greatest(p.seq, r.seq), leased_until = null
  from unnest($1::text[], $2::integer[], $3::integer[]) as r (conversation_id, version, seq)
  where p.conversation_id = r.conversation_id`

const clear = `
  delete from outbox_mark k using unnest($1::text[], $2::integer[]) as r (conversation_id, version)
  where k.topic = '${pushTopic}' and k.conversation_id = r.conversation_id and k.version <= r.version`

/**
 * Turns the marks of some conversations into notices that wait. It is done in steps that may be repeated: whoever
 * is killed in between is followed by somebody who does it again. Returns how many conversations moved on.
 */
export async function gatherNews(sql: Sql, settings: NoticeSettings & DigestSettings): Promise<number> {
  await sql.query(begin)
  const behind = await sql.query<Behind>(claim)
  if (behind.length === 0) return 0

  for (const some of byMembers(behind)) {
    const news = await readNews(sql, some)
    await queueNotices(sql, news, settings)
    await queueDigests(sql, news, settings)
  }
  if (settings.providers.length > 0) {
    await correctRecalled(sql, behind)
    await withdrawAnswered(sql, behind)
  }
  const ids = behind.map((each) => each.conversationId)
  const versions = behind.map((each) => each.version)
  await sql.query(advance, [ids, versions, behind.map((each) => each.maxSeq)])
  await sql.query(clear, [ids, versions])
  return behind.filter((each) => each.version > each.fromVersion).length
}

/** As many together as have members for one statement; a large group is alone. */
function byMembers(behind: Behind[]): Behind[][] {
  const parts: Behind[][] = []
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
