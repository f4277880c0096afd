import type { Sql } from '../../platform/db/sql.ts'
import type { RecentMessages } from '../recent-messages.ts'

/** A page of possible recipients: one mentioned user, or the members after a user id. */
interface RecipientPage {
  conversationId: string
  userId: string | null
  after: string
}

/** Members that one statement processes. */
export const membersMax = 1_000

/** SQL: the member of page p has not blocked the sender of n. */
export const fromUnblocked = `
  not exists (select from block b where b.blocker_id = p.user_id and b.blocked_id = n.sender_id)`

/**
 * SQL, parts of a `with`: `recipient` contains those new messages n of each member m of a page for which the conditions
 * hold, `next_page` the conversations with more members. The first nine parameters are those of `forEachPage`.
 */
export const recipients = (memberCondition: string, messageCondition = 'true') => `
  recent as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::integer[], $6::text[])
      as n (conversation_id, sender_id, user_id, from_seq, to_seq, sent_at)
  ), page as (
    select m.*
    from unnest($7::text[], $8::text[], $9::text[]) as k (conversation_id, user_id, after)
    cross join lateral (
      (select m.conversation_id, m.user_id, m.visible_from_seq from membership m
       where k.user_id is null and m.conversation_id = k.conversation_id and m.user_id > k.after and ${memberCondition}
       order by m.user_id limit ${membersMax})
      union all
      select m.conversation_id, m.user_id, m.visible_from_seq from membership m
      where m.conversation_id = k.conversation_id and m.user_id = k.user_id and ${memberCondition}
    ) m
  ), recipient as (
    select p.conversation_id, p.user_id, min(greatest(n.from_seq, p.visible_from_seq)) as from_seq,
           max(n.to_seq) as to_seq, min(n.sent_at::timestamptz) as since
    from page p
    join recent n on n.conversation_id = p.conversation_id and (n.user_id is null or n.user_id = p.user_id)
      and n.sender_id <> p.user_id and n.to_seq >= p.visible_from_seq
    where ${messageCondition}
    group by p.conversation_id, p.user_id
  ), next_page as (
    select conversation_id as "conversationId", null as "userId", max(user_id) as after
    from page group by conversation_id having count(*) >= ${membersMax}
  )`

/** Runs a statement made with `recipients` until its `next_page` is empty. */
export async function forEachPage(
  sql: Sql,
  statement: string,
  messages: RecentMessages[],
  settings: unknown[],
): Promise<void> {
  const columns = [
    messages.map((each) => each.conversationId),
    messages.map((each) => each.senderId),
    messages.map((each) => each.userId),
    messages.map((each) => each.fromSeq),
    messages.map((each) => each.toSeq),
    messages.map((each) => each.sentAt),
  ]
  for (let pages = firstPages(messages); pages.length > 0; )
    pages = await sql.query<RecipientPage>(statement, [
      ...columns,
      pages.map((each) => each.conversationId),
      pages.map((each) => each.userId),
      pages.map((each) => each.after),
      ...settings,
    ])
}

function firstPages(messages: RecentMessages[]): RecipientPage[] {
  const pages = messages.map(({ conversationId, userId }) => ({ conversationId, userId, after: '' }))
  return [...new Map(pages.map((each) => [`${each.conversationId} ${each.userId}`, each])).values()]
}
