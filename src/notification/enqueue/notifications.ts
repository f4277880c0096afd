import { messagesNumber } from '../../inbox/entries.ts'
import type { PushProvider } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { liveDevice } from '../device/store.ts'
import type { RecentMessages } from '../recent-messages.ts'
import { forEachPage, recipients } from './recipients.ts'

export interface NotificationQueueSettings {
  providers: PushProvider[]
  delayMs: number
}

const hasDevice = `exists (select from push_device d where d.user_id = m.user_id and d.removed_at is null)`

// A queued notification for the device is extended by the new messages; it has numbers of the stream if all of them have. Messages of an earlier notification are not
// sent again. Where the clock numbers the deliveries, members have no inbox entry to acknowledge. A member who has blocked the sender gets a
// row, which is suppressed when it is due: without one, `pushAttempts` would reveal the block to the sender.
const queue = `
  with ${recipients(hasDevice)}, queued as (
    insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, stream_seq,
                              latest_stream_seq, status, due_at)
    select gen_random_uuid()::text, d.id, t.user_id, d.provider, 'MESSAGE', t.conversation_id, t.from_seq, t.to_seq,
           e.seq, e.seq, 'QUEUED',
           clock_timestamp() + make_interval(secs => $11::float8 / 1000)
    from recipient t
    cross join lateral (select * from push_device d where d.user_id = t.user_id and ${liveDevice} offset 0) d
    join delivery v on v.conversation_id = t.conversation_id
    cross join lateral (
      select case v.mode when 'INLINE' then ${messagesNumber('t.user_id', 't.conversation_id')} else 0 end as seq
    ) e
    where d.provider = any($10::push_provider[]) and not exists (
      select from push_attempt x where x.device_id = d.id and x.conversation_id = t.conversation_id
        and x.to_seq >= t.to_seq and x.purpose = 'MESSAGE' and x.status <> 'QUEUED')
    order by d.id, t.conversation_id
    on conflict (device_id, conversation_id, purpose) where status = 'QUEUED' and purpose <> 'MENTION' do update
      set from_seq = least(push_attempt.from_seq, excluded.from_seq),
          to_seq = greatest(push_attempt.to_seq, excluded.to_seq),
          stream_seq = case when excluded.stream_seq > 0 then push_attempt.stream_seq else 0 end,
          latest_stream_seq = case when push_attempt.stream_seq > 0 and excluded.stream_seq > 0
            then greatest(push_attempt.latest_stream_seq, excluded.latest_stream_seq) else 0 end
  )
  select * from next_page`

/** Queues a notification for each device of the recipients. Whether it is sent is decided when it is due. */
export async function queueNotifications(
  sql: Sql,
  messages: RecentMessages[],
  { providers, delayMs }: NotificationQueueSettings,
): Promise<void> {
  if (providers.length > 0) await forEachPage(sql, queue, messages, [providers, delayMs])
}
