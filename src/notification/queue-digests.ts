import type { DigestChannel } from '../platform/db/generated/enums.ts'
import type { Sql } from '../platform/db/sql.ts'
import { type News, reaching } from './news.ts'

export interface DigestSettings {
  channels: DigestChannel[]
  digestDelaySeconds: number
}

// Whoever has one waiting is not asked again: it tells of all that is unread when it is sent.
const queue = `
  insert into digest (user_id, channel, since, due_at)
  select m.user_id, c.channel, t.since, clock_timestamp() + make_interval(secs => $6::float8)
  from membership m
  join "user" u on u.id = m.user_id and u.deleted_at is null
  left join notification_settings n on n.user_id = m.user_id
  cross join unnest($5::digest_channel[]) as c (channel)
  cross join lateral (select min(s.sent_at) as since from message s where ${reaching}) t
  where m.conversation_id = $1 and not m.do_not_disturb and ($4::text[] is null or m.user_id = any($4::text[]))
    and case c.channel when 'EMAIL' then u.email is not null and coalesce(n.email, true)
                       else u.phone is not null and coalesce(n.sms, false) end
    and not exists (
      select from digest g where g.user_id = m.user_id and g.channel = c.channel and g.due_at is not null)
    and t.since is not null
  order by m.user_id
  on conflict (user_id, channel) do update set since = excluded.since, due_at = excluded.due_at, tries = 0
    where digest.due_at is null`

/** Notes who is to get a mail or a text message if they stay away. */
export async function queueDigests(
  sql: Sql,
  { conversationId, seqs, onlyMentions, userIds }: News,
  { channels, digestDelaySeconds }: DigestSettings,
): Promise<void> {
  if (channels.length === 0) return
  await sql.query(queue, [conversationId, seqs, onlyMentions, userIds, channels, digestDelaySeconds])
}
