import { suspensionOf } from '../../account/suspension.ts'
import type { DigestChannel } from '../../platform/db/generated/enums.ts'
import { freeRows, leaseEnd, owner } from '../../platform/db/lease.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { waitInQuietHours } from '../quiet-hours.ts'

/** A digest that is due, with everything that decides whether it is sent. */
export interface DueDigest {
  userId: string
  channel: DigestChannel
  since: Date
  tries: number
  /** null if not set or not verified. */
  email: string | null
  phone: string | null
  locale: string
  /** The user's settings enable it, and the account is neither deleted nor suspended. */
  wanted: boolean
  /** The user's last activity on any device. */
  seenAt: Date | null
  /** A digest was already sent in this absence. */
  alreadySent: boolean
  showPreview: boolean
  quietFrom: number | null
  quietTo: number | null
  timeZone: string | null
}

export const digestLeaseMs = 120_000

const seen = `
  greatest(
    (select max(s.last_seen_at) from session s where s.user_id = g.user_id),
    (select max(k.acknowledged_at) from acknowledgement k join session s on s.id = k.session_id
     where s.user_id = g.user_id))`

const waiting = 'r.channel = $1::digest_channel'

// The language is that of the device that was registered last.
const claim = `
  with ${freeRows({ table: 'digest', key: 'user_id', where: waiting, max: '$2::integer' })}
  update digest g set owner = ${owner}, due_at = ${leaseEnd(`${digestLeaseMs / 1_000}`)}
  from free, "user" u left join notification_settings n on n.user_id = u.id
  where g.user_id = free.user_id and g.channel = $1::digest_channel and u.id = g.user_id
  returning g.user_id as "userId", g.channel::text as channel, g.since, g.tries,
    case when u.email_verified_at is not null then u.email end as email,
    case when u.phone_verified_at is not null then u.phone end as phone,
    coalesce((
      select d.locale from push_device d where d.user_id = g.user_id and d.provider not in ('EMAIL', 'SMS')
      order by d.created_at desc limit 1), 'en') as locale,
    u.deleted_at is null and ${suspensionOf('u.id')} is null and case g.channel when 'EMAIL' then coalesce(n.email, true) else coalesce(n.sms, false) end
      as wanted,
    ${seen} as "seenAt", coalesce(${seen} < g.sent_at, false) as "alreadySent",
    coalesce(n.show_preview, true) as "showPreview", n.quiet_from as "quietFrom", n.quiet_to as "quietTo",
    n.time_zone as "timeZone"`

export function claimDigests(sql: Sql, channel: DigestChannel, most: number): Promise<DueDigest[]> {
  return sql.query<DueDigest>(claim, [channel, most])
}

/** Clears the due time; the next message sets it again. */
export async function endDigest(sql: Sql, { userId, channel }: DueDigest, sent: boolean): Promise<void> {
  await sql.query(
    `update digest set owner = null, due_at = null, tries = 0, sent_at = case when $3::boolean then clock_timestamp() else sent_at end
     where user_id = $1 and channel = $2::digest_channel`,
    [userId, channel, sent],
  )
}

/** SQL: the unread messages s that the member m may see. */
export const unreadOf = `
  s.conversation_id = m.conversation_id and s.seq > m.read_seq and s.seq >= m.visible_from_seq
  and s.sender_id <> m.user_id and s.recalled_at is null
  and not exists (select from block b where b.blocker_id = m.user_id and b.blocked_id = s.sender_id)`

const unreadSince = `
  select from membership m join conversation c on c.id = m.conversation_id
  where m.user_id = $1 and not m.do_not_disturb and c.message_count > m.read_count and exists (
    select from message s where ${unreadOf} and s.sent_at >= $2::text::timestamptz)
  limit 1`

/** Whether the user has unread messages that were sent after `since`. */
export async function hasUnreadSince(sql: Sql, userId: string, since: Date): Promise<boolean> {
  return (await sql.query(unreadSince, [userId, since.toISOString()])).length > 0
}

/** Restarts the delay after activity of the user. */
export async function restartDelay(sql: Sql, digest: DueDigest, seenAt: Date, at: Date): Promise<void> {
  await sql.query(
    `update digest set owner = null, since = $3::text::timestamptz, due_at = $4::text::timestamptz
     where user_id = $1 and channel = $2::digest_channel`,
    [digest.userId, digest.channel, seenAt.toISOString(), at.toISOString()],
  )
}

export async function retryDigest(
  sql: Sql,
  { userId, channel }: DueDigest,
  at: Date,
  tries: number,
): Promise<void> {
  await sql.query(
    `update digest set owner = null, due_at = $3::text::timestamptz, tries = $4::integer
     where user_id = $1 and channel = $2::digest_channel`,
    [userId, channel, at.toISOString(), tries],
  )
}

const waitUntil = waitInQuietHours({
  until: '$3::text::timestamptz',
  user: '$1',
  from: '$4',
  to: '$5',
  zone: '$6',
})

const setQuietUntil = `
  update digest set owner = null, due_at = ${waitUntil} where user_id = $1 and channel = $2::digest_channel`

/** Lets a digest wait for the end of the quiet hours with which it was claimed. */
export async function waitForQuietEnd(sql: Sql, digest: DueDigest, until: Date): Promise<void> {
  const { userId, channel, quietFrom, quietTo, timeZone } = digest
  await sql.query(setQuietUntil, [userId, channel, until.toISOString(), quietFrom, quietTo, timeZone])
}
