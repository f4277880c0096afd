import type { Context, Viewer } from '../context.ts'
import { columnOf } from '../platform/db/columns.ts'
import type { ConversationKind } from '../platform/db/generated/enums.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { SelectedJoin } from '../platform/graphql/joins/selected.ts'
import {
  type JoinedColumns,
  joinedColumns,
  joinedValues,
  setName,
  takeJoins,
} from '../platform/graphql/joins/statement.ts'
import { type Order, readTwoWayPage, type TwoWayArgs, timeKey } from '../platform/graphql/page.ts'
import { conversationFields } from './append/head.ts'
import { readTitle, titleContains } from './folded-names.ts'
import { unreadCount } from './read-count.ts'
import {
  type ConversationRow,
  type MembershipRow,
  membershipFields,
  rememberView,
  viewColumns,
} from './store.ts'

export interface ConversationFilter {
  kind?: ConversationKind | null
  unreadOnly?: boolean | null
  includeHidden?: boolean | null
  title?: string | null
}

type ListedRow = ConversationRow & MembershipRow

const passes = `
      ($2::text is null or c.kind::text = $2)
      and (not $3::boolean or ${unreadCount} > 0)
      and ($4::boolean or m.hidden_at_seq is null or c.max_seq > m.hidden_at_seq)`

const columnOrder = {
  forward: 'm.pinned desc, c.last_activity_at desc, c.id desc',
  backward: 'm.pinned, c.last_activity_at, c.id',
}

const isAfter = (order: Order) => `
    ($5::integer is null or
      (m.pinned::integer, ${timeKey('c.last_activity_at')}, c.id)
        ${order === 'forward' ? '<' : '>'} ($5::integer, $6::float8, $7::text))`

// Ordered by (pinned, activity, id), descending. Reads all conversations of the viewer.
const pageIn = (order: Order, further = 'true') => `
  select ${viewColumns}
  from membership m join conversation c on c.id = m.conversation_id
  where m.user_id = $1 and ${passes} and ${further} and ${isAfter(order)}
  order by ${columnOrder[order]} limit $8`

const pages = { forward: pageIn('forward'), backward: pageIn('backward') }

const titled = titleContains('$9', '$10')
/** The pages of a search by title. */
export const titledPages = { forward: pageIn('forward', titled), backward: pageIn('backward', titled) }

/** A row, and whether no conversation that was not read can come before it; null if all were read. */
type WalkedRow = ListedRow & { isCertain: boolean | null }

/** SQL: columns of a table under names of their own, and the table again with these columns. */
const carried = (alias: string, names: readonly string[]) =>
  names.map((name) => `${alias}.${name} as ${alias}_${name}`).join(', ')
const restored = (alias: string, names: readonly string[]) =>
  `cross join lateral (select ${names.map((name) => `walked.${alias}_${name} as ${name}`).join(', ')}) ${alias}`

const ofConversation = [...conversationFields.map(columnOf), 'revision']
const ofMembership = [...membershipFields.map(columnOf), 'read_count', 'active_until']

// The same page from the $9 conversations of each place (pinned or not) that may have the latest activity: it is in the
// hour before active_until, which is an index. Without an active_until, a conversation may have any activity. The limit is a
// query, so that the planner does not compare it with the rows of an average user and sort all of this one. What the page shows
// of both tables is carried along, because a second lookup of each row takes longer.
const walkWith = ({ select, tableOfOne }: JoinedColumns) => `
  with walked as materialized (
    select ${carried('c', ofConversation)}, ${carried('m', ofMembership)}, ${passes} as passes
    from unnest('{t,f}'::boolean[]) as place (pinned)
    cross join lateral (
      (select * from membership m
       where m.user_id = $1 and m.pinned = place.pinned and m.active_until is null)
      union all
      (select * from membership m
       where m.user_id = $1 and m.pinned = place.pinned
         and m.active_until <= case when place.pinned::integer = $5::integer
               then to_timestamp($6::float8 / 1000) + interval '1 hour 1 millisecond' else 'infinity' end
       order by m.active_until desc limit (select $9::integer))
    ) m
    cross join lateral (select * from conversation c where c.id = m.conversation_id limit 1) c
    where $5::integer is null or place.pinned::integer <= $5
  ), rest as (
    select m_pinned as pinned, min(m_active_until) as until from walked
    where m_active_until is not null group by m_pinned having count(*) = $9
    order by m_pinned desc limit 1
  )
  select ${viewColumns}${select},
         (m.pinned, c.last_activity_at) > ((select pinned from rest), (select until from rest)) as "isCertain"
  from walked ${restored('c', ofConversation)} ${restored('m', ofMembership)}
  ${tableOfOne(10)}
  where walked.passes and ${isAfter('forward')}
  order by ${columnOrder.forward} limit $8`

/** The second length is for users of whom more than twenty conversations were active within an hour. */
const walkLengths = (limit: number) => [limit + 20, 4 * (limit + 20)]

// One for each set of joins, so that each is prepared once.
const walks = new Map<string, string>()

function walkOf(joins: readonly SelectedJoin[]): string {
  const text = walks.get(setName(joins)) ?? walkWith(joinedColumns(joins))
  walks.set(setName(joins), text)
  return text
}

async function readPage(
  sql: Sql,
  order: Order,
  params: unknown[],
  limit: number,
  joins: readonly SelectedJoin[],
): Promise<ListedRow[]> {
  if (order === 'forward') {
    for (const length of walkLengths(limit)) {
      const values = [...params, limit, length, ...joinedValues(joins)]
      const rows = await sql.query<WalkedRow>(walkOf(joins), values)
      const last = rows.at(-1)
      if (last?.isCertain === null || (last?.isCertain && rows.length === limit)) return rows
    }
  }
  return sql.query<ListedRow>(pages[order], [...params, limit])
}

/** The viewer's conversations: pinned ones first, then by latest activity. Most pages are read with their joins. */
export async function listConversations(
  ctx: Context,
  viewer: Viewer,
  args: TwoWayArgs & { filter?: ConversationFilter | null },
  joins: readonly SelectedJoin[],
) {
  const { kind = null, unreadOnly, includeHidden, title = null } = args.filter ?? {}
  const wanted = title === null ? null : readTitle(title, 'filter.title')
  const filter = [viewer.userId, kind, unreadOnly ?? false, includeHidden ?? false]
  return readTwoWayPage(ctx.config.limits, args, {
    key: ['number', 'number', 'string'],
    read: async (after, limit, order) => {
      // A title that folds to nothing, such as one of punctuation, would be part of every title.
      if (wanted?.name === '') return []
      const params = [...filter, ...after]
      const rows = wanted
        ? await ctx.sql.query<ListedRow>(titledPages[order], [...params, limit, wanted.name, wanted.handle])
        : await readPage(ctx.sql, order, params, limit, joins)
      return rows.map((row) => {
        const view = rememberView(ctx, row)
        takeJoins(ctx, joins, row, view)
        return view
      })
    },
    keyOf: (row) => [Number(row.pinned), row.lastActivityAt.getTime(), row.id],
  })
}
