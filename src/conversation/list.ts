import type { Context, Viewer } from '../context.ts'
import type { ConversationKind } from '../platform/db/generated/enums.ts'
import { type Order, readTwoWayPage, type TwoWayArgs, timeKey } from '../platform/graphql/page.ts'
import { unreadCount } from './read-count.ts'
import { type ConversationRow, conversationColumns, type MembershipRow, membershipColumns } from './store.ts'

export interface ConversationFilter {
  kind?: ConversationKind | null
  unreadOnly?: boolean | null
  includeHidden?: boolean | null
}

type ListedRow = ConversationRow & MembershipRow & { pinnedFirst: number; activity: number }

const columnOrder = {
  forward: '"pinnedFirst" desc, activity desc, id desc',
  backward: '"pinnedFirst", activity, id',
}

// Ordered by (pinned, activity, id), descending.
const pageIn = (order: Order) => `
  select * from (
    select ${conversationColumns}, ${membershipColumns}, m.pinned::integer as "pinnedFirst",
           ${timeKey('c.last_activity_at')} as activity
    from membership m join conversation c on c.id = m.conversation_id
    where m.user_id = $1
      and ($2::text is null or c.kind::text = $2)
      and (not $3::boolean or ${unreadCount} > 0)
      and ($4::boolean or m.hidden_at_seq is null or c.max_seq > m.hidden_at_seq)
  ) listed
  where $5::integer is null
    or ("pinnedFirst", activity, id) ${order === 'forward' ? '<' : '>'} ($5::integer, $6::float8, $7::text)
  order by ${columnOrder[order]} limit $8`

const pages = { forward: pageIn('forward'), backward: pageIn('backward') }

/** The viewer's conversations: pinned ones first, then by latest activity. */
export async function listConversations(
  ctx: Context,
  viewer: Viewer,
  args: TwoWayArgs & { filter?: ConversationFilter | null },
) {
  const { kind = null, unreadOnly, includeHidden } = args.filter ?? {}
  const filter = [viewer.userId, kind, unreadOnly ?? false, includeHidden ?? false]
  return readTwoWayPage(ctx.config.limits, args, {
    key: ['number', 'number', 'string'],
    read: async (after, limit, order) => {
      const rows = await ctx.sql.query<ListedRow>(pages[order], [...filter, ...after, limit])
      return rows.map((row) => ({ ...row, membership: row }))
    },
    keyOf: (row) => [row.pinnedFirst, row.activity, row.id],
  })
}
