import type { Sql } from '../platform/db/sql.ts'

/** The new messages of one sender in a conversation, for all members or for one mentioned user. */
export interface RecentMessages {
  conversationId: string
  senderId: string
  /** The mentioned user; null for all members. */
  userId: string | null
  fromSeq: number
  toSeq: number
  /** When the first of them was sent. */
  sentAt: string
}

/** The messages of a conversation after `fromSeq`, up to `maxSeq`. */
export interface SeqRange {
  conversationId: string
  fromSeq: number
  maxSeq: number
  /** SIGNAL delivery: only mentions notify. */
  signalled: boolean
}

/** Most messages read at once of one conversation; older ones do not notify. */
export const messagesMax = 500
// After an outage, older messages no longer notify.
export const maxAge = '1 hour'

const read = `
  select s.conversation_id as "conversationId", s.sender_id as "senderId", n.user_id as "userId",
         min(s.seq) as "fromSeq", max(s.seq) as "toSeq", min(s.sent_at)::text as "sentAt"
  from unnest($1::text[], $2::integer[], $3::integer[], $4::boolean[])
    as k (conversation_id, from_seq, max_seq, signalled)
  cross join lateral (
    select s.conversation_id, s.seq, s.sender_id, s.sent_at from message s
    where s.conversation_id = k.conversation_id and s.seq > k.from_seq and s.seq <= k.max_seq
      and s.sender_id is not null and s.recalled_at is null
      and s.sent_at > clock_timestamp() - interval '${maxAge}'
      and (not k.signalled or exists (
        select from mention n where n.conversation_id = s.conversation_id and n.seq = s.seq))
    order by s.seq desc limit ${messagesMax}
  ) s
  left join mention n on k.signalled and n.conversation_id = s.conversation_id and n.seq = s.seq
  group by s.conversation_id, s.sender_id, n.user_id`

export function readRecentMessages(sql: Sql, ranges: SeqRange[]): Promise<RecentMessages[]> {
  return sql.query<RecentMessages>(read, [
    ranges.map((each) => each.conversationId),
    ranges.map((each) => each.fromSeq),
    ranges.map((each) => each.maxSeq),
    ranges.map((each) => each.signalled),
  ])
}
