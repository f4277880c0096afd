import type { DigestChannel } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { RecentMessages } from '../recent-messages.ts'
import { forEachPage, fromUnblocked, recipients } from './recipients.ts'

export interface DigestSettings {
  channels: DigestChannel[]
  digestDelaySeconds: number
}

const hasAddress = `
  not m.do_not_disturb and exists (
    select from "user" u where u.id = m.user_id and u.deleted_at is null and (u.email_verified_at is not null or u.phone_verified_at is not null))`

// A queued digest covers later messages too: it lists all that is unread when it is sent.
const queue = `
  with ${recipients(hasAddress, fromUnblocked)}, queued as (
    insert into digest (user_id, channel, since, due_at)
    select t.user_id, c.channel, min(t.since), clock_timestamp() + make_interval(secs => $11::float8)
    from recipient t
    join "user" u on u.id = t.user_id
    left join notification_settings n on n.user_id = t.user_id
    cross join unnest($10::digest_channel[]) as c (channel)
    where case c.channel when 'EMAIL' then u.email_verified_at is not null and coalesce(n.email, true)
                         else u.phone_verified_at is not null and coalesce(n.sms, false) end
      and not exists (
        select from digest g where g.user_id = t.user_id and g.channel = c.channel and g.due_at is not null)
    group by t.user_id, c.channel
    order by t.user_id, c.channel
    on conflict (user_id, channel) do update set since = excluded.since, due_at = excluded.due_at, tries = 0
      where digest.due_at is null
  )
  select * from next_page`

/** Queues a digest by mail or text message for each recipient who stays away. */
export async function queueDigests(
  sql: Sql,
  messages: RecentMessages[],
  { channels, digestDelaySeconds }: DigestSettings,
): Promise<void> {
  if (channels.length > 0) await forEachPage(sql, queue, messages, [channels, digestDelaySeconds])
}
