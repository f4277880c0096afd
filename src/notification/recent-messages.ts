import type { Sql } from '../platform/db/sql.ts'

/** What one person wrote in a conversation, and for whom. */
export interface RecentMessages {
  conversationId: string
  senderId: string
  /** Nobody but this member, whom it names; null is everybody. */
  userId: string | null
  fromSeq: number
  toSeq: number
  /** When the first of it was sent. */
  sentAt: string
}

/** Where to look for it. */
export interface SeqRange {
  conversationId: string
  fromSeq: number
  maxSeq: number
  /** Only mentions are told of: the group is large. */
  signalled: boolean
}

/** Of one conversation at a time, the newest. */
export const messagesMax = 500
// What is older when it comes to be looked at is no news any more.
const newsAge = '1 hour'

const read = `
  select s.conversation_id as "conversationId", s.sender_id as "senderId", n.user_id as "userId",
         min(s.seq) as "fromSeq", max(s.seq) as "toSeq", min(s.sent_at)::text as "sentAt"
  from unnest($1::text[], $2::integer[], $3::integer[], $4::boolean[])
    as k (conversation_id, from_seq, max_seq, signalled)
  cross join lateral (
    select s.conversation_id, s.seq, s.sender_id, s.sent_at from message s
    where s.conversation_id = k.conversation_id and s.seq > k.from_seq and s.seq <= k.max_seq
      and s.sender_id is not null and s.recalled_at is null
      and s.sent_at > clock_timestamp() - interval '${newsAge}'
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
