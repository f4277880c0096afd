import { unreadCount } from '../conversation/read-count.ts'
import type { PushProvider, PushPurpose } from '../platform/db/generated/enums.ts'
import { freeRows, leaseEnd, owner } from '../platform/db/lease.ts'
import type { Sql } from '../platform/db/sql.ts'
import { liveDevice } from './device/store.ts'
import { withdrawalPurposes } from './withdrawal.ts'

/** A queued notification that is due, with everything that decides whether it is sent. */
export interface DueNotification {
  id: string
  purpose: PushPurpose
  userId: string
  deviceId: string
  provider: PushProvider
  token: string | null
  locale: string
  /** The device is registered and signed in. For SIGN_IN also if that sign-in ended its session. */
  deviceLive: boolean
  tries: number
  conversationId: string | null
  fromSeq: number | null
  toSeq: number | null
  /** SIGN_IN: the new session. */
  sessionId: string | null
  /** SIGN_IN: the new session is the one of this device. */
  isSignInDevice: boolean
  streamSeq: number
  latestStreamSeq: number
  push: boolean
  showPreview: boolean
  quietFrom: number | null
  quietTo: number | null
  timeZone: string | null
  isMember: boolean
  doNotDisturb: boolean
  readSeq: number
  unread: number
  /** The position that any of the user's signed-in devices has acknowledged. */
  acknowledgedSeq: number
  /** Without stream numbers: a device has acknowledged the message that shows that it is in use. */
  isActive: boolean
  /** The newest message to show: unread, visible, not recalled, not from a blocked user. */
  showSeq: number | null
  /** Without stream numbers: a device has acknowledged the message to show. */
  showAcknowledged: boolean
  mentionsUser: boolean
  mentionsAll: boolean
  /** MENTION: an earlier notification showed the device the message with the mention. */
  alreadyShown: boolean
  /** MENTION: when a queued notification that may show the message is due; null without one. */
  pendingUntil: Date | null
  /** RECALL, READ and LEFT: the device still shows the notification to be replaced or withdrawn. */
  stillShown: boolean
}

const waiting = `r.provider = $1::push_provider and r.status = 'QUEUED'`

const claim = `
  with ${freeRows({ table: 'push_attempt', key: 'id', where: waiting, max: '$2::integer' })}
  update push_attempt a set owner = ${owner}, due_at = ${leaseEnd('$3::float8 / 1000')}
  from free where a.id = free.id returning a.id`

// A sign-in can replace the session of another device. That device is notified too: the password may be stolen.
const replacedBySignIn = `a.purpose = 'SIGN_IN' and d.removed_at is null and exists (
  select from session o join session i on i.id = a.session_id
  where o.id = d.session_id and o.end_reason = 'REPLACED' and o.ended_at >= i.created_at)`

const repliesToUser = `exists (
  select from message q
  where q.conversation_id = s.conversation_id and q.seq = s.quote_seq and q.sender_id = a.user_id)`

// A correction shows the newest message that is still unread. With SIGNAL delivery only mentions are shown. Of a muted
// group only mentions of the user and replies to the user are. The due time of a sent attempt, less the lease, is when it
// was claimed: it showed the mentions of that time.
const readFacts = `
  select a.id, a.purpose::text as purpose, a.user_id as "userId", a.device_id as "deviceId",
         a.provider::text as provider, d.token, d.locale, (${liveDevice}) or (${replacedBySignIn}) as "deviceLive", a.tries,
         a.conversation_id as "conversationId", a.from_seq as "fromSeq", a.to_seq as "toSeq",
         a.session_id as "sessionId", coalesce(a.session_id = d.session_id, false) as "isSignInDevice", a.stream_seq as "streamSeq", a.latest_stream_seq as "latestStreamSeq",
         coalesce(n.push, true) as push, coalesce(n.show_preview, true) as "showPreview",
         n.quiet_from as "quietFrom", n.quiet_to as "quietTo", n.time_zone as "timeZone",
         m.user_id is not null as "isMember", coalesce(m.do_not_disturb, false) as "doNotDisturb",
         coalesce(m.read_seq, 0) as "readSeq", coalesce(${unreadCount}, 0) as unread,
         coalesce(k.stream_seq, 0) as "acknowledgedSeq", show.seq as "showSeq",
         coalesce(k.broadcast_seq >= coalesce(a.active_seq, a.from_seq), false) as "isActive",
         coalesce(k.tick >= v.tick and v.max_seq >= show.seq or k.since > show.changed_at
                  or k.broadcast_seq >= show.seq, false) as "showAcknowledged",
         coalesce(show.mentions_user, false) as "mentionsUser", coalesce(show.mentions_all, false) as "mentionsAll",
         coalesce(case when a.purpose in ${withdrawalPurposes} then shown.purpose not in ${withdrawalPurposes}
                    and shown.to_seq <= case a.purpose when 'READ' then m.read_seq else a.to_seq end
                  else shown.shown_seq = a.from_seq end, false) as "stillShown",
         coalesce(covering.already_shown, false) as "alreadyShown", covering.pending_until as "pendingUntil"
  from push_attempt a
  join push_device d on d.id = a.device_id
  left join notification_settings n on n.user_id = a.user_id
  left join membership m on m.conversation_id = a.conversation_id and m.user_id = a.user_id
  left join conversation c on c.id = m.conversation_id
  left join delivery v on v.conversation_id = c.id and v.mode <> 'INLINE'
  left join lateral (
    select max(k.stream_seq) as stream_seq, max(k.tick) as tick, max(k.since) as since,
           max((k.broadcasts #>> array[a.conversation_id, '0'])::integer) as broadcast_seq
    from acknowledgement k join session s on s.id = k.session_id
    where s.user_id = a.user_id and s.ended_at is null and s.expires_at > now()
  ) k on true
  left join lateral (
    select x.purpose, x.shown_seq, x.to_seq from push_attempt x
    where x.device_id = a.device_id and x.conversation_id = a.conversation_id and x.status = 'SENT'
    order by x.at desc limit 1
  ) shown on true
  left join lateral (
    select s.seq, s.changed_at, s.edited_at, t.mentions_user, t.mentions_all
    from message s
    cross join lateral (
      select coalesce(bool_or(n.user_id = a.user_id), false) as mentions_user,
             coalesce(bool_or(n.user_id is null), false) as mentions_all
      from mention n where n.conversation_id = s.conversation_id and n.seq = s.seq
    ) t
    where s.conversation_id = m.conversation_id and s.seq <= a.to_seq
      and s.seq >= greatest(case a.purpose when 'RECALL' then 1 else a.from_seq end, m.visible_from_seq, m.read_seq + 1)
      and s.sender_id <> a.user_id and s.recalled_at is null
      and not exists (select from block b where b.blocker_id = a.user_id and b.blocked_id = s.sender_id)
      and (c.delivery_mode <> 'SIGNAL' or t.mentions_user or t.mentions_all)
      and (a.purpose <> 'MENTION' or t.mentions_user)
      and (not m.do_not_disturb or c.kind = 'GROUP' and (t.mentions_user or ${repliesToUser}))
    order by s.seq desc limit 1
  ) show on true
  left join lateral (
    select max(x.due_at) filter (where x.status = 'QUEUED') as pending_until,
           bool_or(x.status = 'SENT' and x.shown_seq = show.seq
             and x.due_at - $2::float8 * interval '1 millisecond' >= least(a.at, show.edited_at)) as already_shown
    from push_attempt x
    where a.purpose = 'MENTION' and x.device_id = a.device_id and x.conversation_id = a.conversation_id
      and x.purpose = 'MESSAGE' and x.from_seq <= a.to_seq and x.to_seq >= a.from_seq
  ) covering on true
  where a.id = any($1::text[])`

/** Claims up to `most` due notifications for `leaseMs`. */
export async function claimDue(
  sql: Sql,
  provider: PushProvider,
  most: number,
  leaseMs: number,
): Promise<DueNotification[]> {
  const claimed = await sql.query<{ id: string }>(claim, [provider, most, leaseMs])
  if (claimed.length === 0) return []
  return sql.query<DueNotification>(readFacts, [claimed.map(({ id }) => id), leaseMs])
}
