import type { Sql } from '../../platform/db/sql.ts'
import type { RecentMessages } from '../recent-messages.ts'

/** Those whom news may be for: the one who is named, or all members after one. */
interface RecipientPage {
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
export async function forEachPage(
  sql: Sql,
  statement: string,
  news: RecentMessages[],
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
  for (let pages = firstPages(news); pages.length > 0; )
    pages = await sql.query<RecipientPage>(statement, [
      ...columns,
      pages.map((each) => each.conversationId),
      pages.map((each) => each.userId),
      pages.map((each) => each.after),
      ...settings,
    ])
}

function firstPages(news: RecentMessages[]): RecipientPage[] {
  const pages = news.map(({ conversationId, userId }) => ({ conversationId, userId, after: '' }))
  return [...new Map(pages.map((each) => [`${each.conversationId} ${each.userId}`, each])).values()]
}
