import { type UserRow, userColumns } from '../account/store.ts'
import type { Context, Viewer } from '../context.ts'
import { decodePageKey, forwardPage, type PageArgs, pageSize } from '../platform/graphql/page.ts'
import { type FriendRequestRow, requestColumns, requestFor, visibleToRecipient } from './request-store.ts'
import { type FriendshipRow, friendshipColumns } from './store.ts'

// Compared byte by byte: the same order on every server, whatever its locale.
const sortName = `lower(coalesce(f.remark, u.display_name)) collate "C"`

const friendsPage = `
  select ${friendshipColumns}, ${sortName} as "sortName"
  from friendship f join "user" u on u.id = f.friend_id
  where f.user_id = $1 and ($2::text is null or (${sortName}, f.friend_id) > ($2::text, $3::text))
  order by ${sortName}, f.friend_id limit $4`

/** The viewer's friends by the name that the viewer sees. */
export async function listFriends(ctx: Context, viewer: Viewer, args: PageArgs) {
  const size = pageSize(ctx.config.limits, args.first)
  const after = decodePageKey<[string, string]>(args.after, ['string', 'string'])
  const rows = await ctx.sql.query<FriendshipRow & { sortName: string }>(friendsPage, [
    viewer.userId,
    after?.[0] ?? null,
    after?.[1] ?? null,
    size + 1,
  ])
  return forwardPage(
    rows,
    size,
    args.after,
    (row) => [row.sortName, row.friendId],
    (row): FriendshipRow => row,
  )
}

// Milliseconds, as the column holds them, so that the number is exact.
const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`

const requestsPage = (mine: string) => `
  select ${requestColumns}, ${milliseconds('r.created_at')} as place
  from friend_request r
  where ${mine} and ($2::float8 is null or (${milliseconds('r.created_at')}, r.id) < ($2::float8, $3::text))
  order by place desc, r.id desc limit $4`

const incoming = requestsPage(`r.to_id = $1 and ${visibleToRecipient}`)
const outgoing = requestsPage('r.from_id = $1')

/** The requests to or from the viewer, whatever became of them, the newest first. */
export async function listFriendRequests(
  ctx: Context,
  viewer: Viewer,
  args: PageArgs & { direction: 'INCOMING' | 'OUTGOING' },
) {
  const size = pageSize(ctx.config.limits, args.first)
  const after = decodePageKey<[number, string]>(args.after, ['number', 'string'])
  const rows = await ctx.sql.query<FriendRequestRow & { place: number }>(
    args.direction === 'INCOMING' ? incoming : outgoing,
    [viewer.userId, after?.[0] ?? null, after?.[1] ?? null, size + 1],
  )
  return forwardPage(
    rows,
    size,
    args.after,
    (row) => [row.place, row.id],
    (row) => requestFor(row, viewer.userId) as FriendRequestRow,
  )
}

const blockedPage = `
  select ${userColumns}, ${milliseconds('b.created_at')} as place
  from block b join "user" u on u.id = b.blocked_id
  where b.blocker_id = $1
    and ($2::float8 is null or (${milliseconds('b.created_at')}, b.blocked_id) < ($2::float8, $3::text))
  order by place desc, b.blocked_id desc limit $4`

/** Whom the viewer blocks, the latest first. */
export async function listBlockedUsers(ctx: Context, viewer: Viewer, args: PageArgs) {
  const size = pageSize(ctx.config.limits, args.first)
  const after = decodePageKey<[number, string]>(args.after, ['number', 'string'])
  const rows = await ctx.sql.query<UserRow & { place: number }>(blockedPage, [
    viewer.userId,
    after?.[0] ?? null,
    after?.[1] ?? null,
    size + 1,
  ])
  return forwardPage(
    rows,
    size,
    args.after,
    (row) => [row.place, row.id],
    (row): UserRow => row,
  )
}
