import { type UserRow, userColumns } from '../account/store.ts'
import type { Context, Viewer } from '../context.ts'
import { type PageArgs, readForwardPage, timeKey } from '../platform/graphql/page.ts'
import { nameOrder } from '../platform/language/name-order.ts'
import { loadBlockCount, loadFriendCount } from './counts.ts'
import { type FriendRequestRow, requestColumns, requestFor, visibleToRecipient } from './request/store.ts'
import { type FriendshipRow, friendshipColumns } from './store.ts'

const sortName = nameOrder('coalesce(f.remark, u.display_name)')

const friendsPage = `
  select ${friendshipColumns}, ${sortName} as "sortName"
  from friendship f join "user" u on u.id = f.friend_id
  where f.user_id = $1 and ($2::text is null or (${sortName}, f.friend_id) > ($2::text, $3::text))
  order by ${sortName}, f.friend_id limit $4`

/** The viewer's friends, sorted by remark or else display name. */
export async function listFriends(ctx: Context, viewer: Viewer, args: PageArgs) {
  const page = await readForwardPage(ctx.config.limits, args, {
    key: ['string', 'string'],
    read: (after, limit) =>
      ctx.sql.query<FriendshipRow & { sortName: string }>(friendsPage, [viewer.userId, ...after, limit]),
    keyOf: (row) => [row.sortName, row.friendId],
  })
  return { ...page, totalCount: async () => (await loadFriendCount(ctx, viewer.userId))?.count ?? 0 }
}

interface Positioned {
  position: number
}

const requestsPage = (mine: string) => `
  select ${requestColumns}, ${timeKey('r.created_at')} as position
  from friend_request r
  where ${mine} and ($2::float8 is null or (${timeKey('r.created_at')}, r.id) < ($2::float8, $3::text))
  order by position desc, r.id desc limit $4`

const incoming = requestsPage(`r.to_id = $1 and ${visibleToRecipient}`)
const outgoing = requestsPage('r.from_id = $1')

/** Friend requests to or from the viewer in any status, newest first. */
export async function listFriendRequests(
  ctx: Context,
  viewer: Viewer,
  args: PageArgs & { direction: 'INCOMING' | 'OUTGOING' },
) {
  const page = args.direction === 'INCOMING' ? incoming : outgoing
  return readForwardPage(ctx.config.limits, args, {
    key: ['number', 'string'],
    read: async (after, limit) => {
      const rows = await ctx.sql.query<FriendRequestRow & Positioned>(page, [viewer.userId, ...after, limit])
      return rows.map((row) => ({ ...row, ...requestFor(row, viewer.userId) }))
    },
    keyOf: (row) => [row.position, row.id],
  })
}

const blockedPage = `
  select ${userColumns}, ${timeKey('b.created_at')} as position
  from block b join "user" u on u.id = b.blocked_id
  where b.blocker_id = $1
    and ($2::float8 is null or (${timeKey('b.created_at')}, b.blocked_id) < ($2::float8, $3::text))
  order by position desc, b.blocked_id desc limit $4`

/** Users blocked by the viewer, last blocked first. */
export async function listBlockedUsers(ctx: Context, viewer: Viewer, args: PageArgs) {
  const page = await readForwardPage(ctx.config.limits, args, {
    key: ['number', 'string'],
    read: (after, limit) =>
      ctx.sql.query<UserRow & Positioned>(blockedPage, [viewer.userId, ...after, limit]),
    keyOf: (row) => [row.position, row.id],
  })
  return { ...page, totalCount: async () => (await loadBlockCount(ctx, viewer.userId))?.count ?? 0 }
}
