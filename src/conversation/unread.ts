import { arrayOf } from '../platform/db/columns.ts'
import { defineLoader } from '../platform/loader.ts'
import { unreadCount } from './read-count.ts'
import type { MembershipKey } from './store.ts'

interface TotalRow {
  userId: string
  unread: number
  /** Memberships that can be settled. */
  quiet: number
}

/** Enough to be worth a write; each settled membership is one that later sums leave out. */
const quietMax = 20
const settledAtOnce = 2_000

// Activity after active_until unsettles. A running transaction may have chosen its time earlier, but not by an hour.
const isQuiet = `m.active_until < now() - interval '1 hour'`

const sumUnread = `
  select u.user_id as "userId", coalesce(sum(v.unread) filter (where not v.do_not_disturb), 0)::integer as unread,
         (count(*) filter (where v.unread = 0 and v.is_quiet))::integer as quiet
  from unnest(${arrayOf(1, 'text')}) as u (user_id)
  cross join lateral (
    select ${unreadCount} as unread, m.do_not_disturb, ${isQuiet} as is_quiet
    from membership m cross join lateral (select * from conversation c where c.id = m.conversation_id limit 1) c
    where m.user_id = u.user_id and not m.settled
  ) v
  group by u.user_id`

// Those that another transaction writes are left for the next time.
const settle = `
  update membership m set settled = true
  from (
    select m.conversation_id, m.user_id from membership m
    where m.user_id = any($1) and not m.settled and ${isQuiet}
      and exists (select from conversation c where c.id = m.conversation_id and ${unreadCount} = 0)
    limit ${settledAtOnce} for no key update skip locked
  ) found
  where m.conversation_id = found.conversation_id and m.user_id = found.user_id and not m.settled and ${isQuiet}`

const loadTotal = defineLoader<string, TotalRow>(
  async (sql, userIds) => {
    const rows = await sql.query<TotalRow>(sumUnread, [userIds])
    const quiet = rows.filter((row) => row.quiet >= quietMax).map((row) => row.userId)
    if (quiet.length > 0) await sql.query(settle, [quiet])
    return rows
  },
  (row) => row.userId,
)

/** The sum of unread messages over all conversations without doNotDisturb. */
export async function totalUnread(ctx: Parameters<typeof loadTotal>[0], userId: string): Promise<number> {
  return (await loadTotal(ctx, userId))?.unread ?? 0
}

interface MentionRow {
  conversationId: string
  userId: string
  count: number
  nextSeq: number
}

const mentionKey = (key: MembershipKey) => `${key.conversationId} ${key.userId}`

/** The mentions of a user or of all after the user's read position; no row if there are none. */
export const loadUnreadMentions = defineLoader<MembershipKey, MentionRow>(
  (sql, keys) =>
    sql.query(
      `select m.conversation_id as "conversationId", m.user_id as "userId",
              count(distinct n.seq)::integer as count, min(n.seq) as "nextSeq"
       from membership m
       join unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'text')}) as k (conversation_id, user_id)
         on m.conversation_id = k.conversation_id and m.user_id = k.user_id
       join mention n on n.conversation_id = m.conversation_id and n.seq > m.read_seq and n.seq >= m.visible_from_seq
         and (n.user_id = m.user_id or n.user_id is null)
       join message s on s.conversation_id = n.conversation_id and s.seq = n.seq
         and s.sender_id is distinct from m.user_id
       group by m.conversation_id, m.user_id`,
      [keys.map((key) => key.conversationId), keys.map((key) => key.userId)],
    ),
  mentionKey,
  mentionKey,
)
