import { messagesNumber } from '../../inbox/entries.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { liveDevice } from '../device/store.ts'
import { maxAge } from '../recent-messages.ts'
import type { NotificationQueueSettings } from './notifications.ts'

/** The messages of a conversation up to `fromSeq`, and the versions after `fromVersion`, up to `version`. */
interface Edits {
  conversationId: string
  fromSeq: number
  fromVersion: number
  version: number
}

// Later messages are queued as new ones. A mention that was removed and added again is not queued again: the index
// push_attempt_one_mention has one row for each device and message.
const queue = `
  insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, stream_seq,
                            latest_stream_seq, status, due_at)
  select gen_random_uuid()::text, d.id, m.user_id, d.provider, 'MENTION', s.conversation_id, s.seq, s.seq,
         e.seq, e.seq, 'QUEUED',
         clock_timestamp() + make_interval(secs => $6::float8 / 1000)
  from unnest($1::text[], $2::integer[], $3::integer[], $4::integer[])
    as k (conversation_id, from_seq, from_version, version)
  join mention n on n.conversation_id = k.conversation_id and n.version > k.from_version and n.version <= k.version
    and n.version > 0 and n.seq <= k.from_seq
  join message s on s.conversation_id = n.conversation_id and s.seq = n.seq and s.sender_id <> n.user_id
    and s.recalled_at is null and s.edited_at > clock_timestamp() - interval '${maxAge}'
  join membership m on m.conversation_id = s.conversation_id and m.user_id = n.user_id
    and s.seq > m.read_seq and s.seq >= m.visible_from_seq
  join push_device d on d.user_id = m.user_id and d.provider = any($5::push_provider[]) and ${liveDevice}
  join delivery v on v.conversation_id = s.conversation_id
  cross join lateral (
    select case v.mode when 'INLINE' then ${messagesNumber('m.user_id', 's.conversation_id')} else 0 end as seq
  ) e
  order by d.id, s.conversation_id, s.seq
  on conflict do nothing`

/** Queues a notification for each user whom an edit newly mentions, unless they have read the message. */
export async function queueAddedMentions(
  sql: Sql,
  edits: Edits[],
  { providers, delayMs }: NotificationQueueSettings,
): Promise<void> {
  await sql.query(queue, [
    edits.map((each) => each.conversationId),
    edits.map((each) => each.fromSeq),
    edits.map((each) => each.fromVersion),
    edits.map((each) => each.version),
    providers,
    delayMs,
  ])
}
