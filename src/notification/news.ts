import type { Sql } from '../platform/db/sql.ts'

/** What one person wrote in a conversation, and for whom. */
export interface News {
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
export interface Stretch {
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

export function readNews(sql: Sql, stretches: Stretch[]): Promise<News[]> {
  return sql.query<News>(read, [
    stretches.map((each) => each.conversationId),
    stretches.map((each) => each.fromSeq),
    stretches.map((each) => each.maxSeq),
    stretches.map((each) => each.signalled),
  ])
}

/** Those whom news may be for: the one who is named, or all members after one. */
interface Audience {
  conversationId: string
  userId: string | null
  after: string
}

/** Of one statement. */
export const membersMax = 1_000

/**
 * SQL, parts of a `with`: `told` has what reached each member m of a page that meets the condition, `rest` the
 * conversations that have more such members. The first nine parameters are those of `eachPage`.
 */
export const told = (condition: string) => `
  news as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::integer[], $6::text[])
      as n (conversation_id, sender_id, user_id, from_seq, to_seq, sent_at)
  ), page as (
    select m.*
    from unnest($7::text[], $8::text[], $9::text[]) as k (conversation_id, user_id, after)
    cross join lateral (
      (select m.conversation_id, m.user_id, m.visible_from_seq from membership m
       where k.user_id is null and m.conversation_id = k.conversation_id and m.user_id > k.after and ${condition}
       order by m.user_id limit ${membersMax})
      union all
      select m.conversation_id, m.user_id, m.visible_from_seq from membership m
      where m.conversation_id = k.conversation_id and m.user_id = k.user_id and ${condition}
    ) m
  ), told as (
    select p.conversation_id, p.user_id, min(greatest(n.from_seq, p.visible_from_seq)) as from_seq,
           max(n.to_seq) as to_seq, min(n.sent_at::timestamptz) as since
    from page p
    join news n on n.conversation_id = p.conversation_id and (n.user_id is null or n.user_id = p.user_id)
      and n.sender_id <> p.user_id and n.to_seq >= p.visible_from_seq
    where not exists (select from block b where b.blocker_id = p.user_id and b.blocked_id = n.sender_id)
    group by p.conversation_id, p.user_id
  ), rest as (
    select conversation_id as "conversationId", null as "userId", max(user_id) as after
    from page group by conversation_id having count(*) >= ${membersMax}
  )`

/** Runs a statement that is made with `told`, and selects `rest`, for all whom the news is for. */
export async function eachPage(
  sql: Sql,
  statement: string,
  news: News[],
  settings: unknown[],
): Promise<void> {
  const columns = [
    news.map((each) => each.conversationId),
    news.map((each) => each.senderId),
    news.map((each) => each.userId),
    news.map((each) => each.fromSeq),
    news.map((each) => each.toSeq),
    news.map((each) => each.sentAt),
  ]
  for (let audiences = audiencesOf(news); audiences.length > 0; )
    audiences = await sql.query<Audience>(statement, [
      ...columns,
      audiences.map((each) => each.conversationId),
      audiences.map((each) => each.userId),
      audiences.map((each) => each.after),
      ...settings,
    ])
}

function audiencesOf(news: News[]): Audience[] {
  const audiences = news.map(({ conversationId, userId }) => ({ conversationId, userId, after: '' }))
  return [...new Map(audiences.map((each) => [`${each.conversationId} ${each.userId}`, each])).values()]
}
