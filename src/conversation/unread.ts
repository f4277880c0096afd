import { defineLoader } from '../platform/loader.ts'
import { unreadCount } from './read-count.ts'
import type { MembershipKey } from './store.ts'

interface TotalRow {
  userId: string
  unread: number
}

const loadTotal = defineLoader<string, TotalRow>(
  (sql, userIds) =>
    sql.query(
      `select m.user_id as "userId", coalesce(sum(${unreadCount}), 0)::integer as unread
       from membership m join conversation c on c.id = m.conversation_id
       where m.user_id = any($1) and not m.do_not_disturb group by m.user_id`,
      [userIds],
    ),
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
       join unnest($1::text[], $2::text[]) as k (conversation_id, user_id)
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
