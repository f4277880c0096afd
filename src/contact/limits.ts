import { loadUser } from '../account/store.ts'
import { limitViewer } from '../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../context.ts'
import type { LoaderContext } from '../platform/loader.ts'
import type { Rule } from '../platform/rate-limit/rate-limits.ts'

const hour = 3_600
const day = 86_400

/** Counts a friend request. New accounts have a lower limit, since spammers create many of them. */
export async function limitFriendRequests(ctx: Context, userId: string): Promise<void> {
  const { friendRequestsPerHour, newAccountFriendRequestsPerDay } = ctx.config.limits
  const rule = { name: 'friend-requests', points: friendRequestsPerHour, seconds: hour }
  const whileNew = {
    name: 'new-account-friend-requests',
    points: newAccountFriendRequestsPerDay,
    seconds: day,
  }
  await limitViewer(ctx, rule, ...((await isNew(ctx, ctx, userId)) ? [whileNew] : []))
}

/**
 * Counts the strangers whom the viewer contacts: opening a conversation counts like an addition to a group. Additions of
 * the same stranger to groups are limited as well.
 */
export async function limitStrangers(
  ctx: Context,
  strangerIds: readonly string[],
  into: 'CONVERSATION' | 'GROUP',
  reading: LoaderContext = ctx,
): Promise<void> {
  if (strangerIds.length === 0) return
  const { userId } = requireViewer(ctx)
  const each = { name: 'stranger-additions', points: ctx.config.limits.additionsPerStranger, seconds: day }
  const repeated = into === 'GROUP' ? strangerIds.map((id) => [each, `${userId} ${id}`] as const) : []
  await ctx.rateLimits.consume(
    [await strangerRule(ctx, reading, userId), userId, strangerIds.length],
    ...repeated,
  )
}

async function strangerRule(ctx: Context, reading: LoaderContext, userId: string): Promise<Rule> {
  const { strangersPerDay, newAccountStrangersPerDay } = ctx.config.limits
  return (await isNew(ctx, reading, userId))
    ? { name: 'new-account-strangers', points: newAccountStrangersPerDay, seconds: day }
    : { name: 'strangers', points: strangersPerDay, seconds: day }
}

async function isNew(ctx: Context, reading: LoaderContext, userId: string): Promise<boolean> {
  const user = await loadUser(reading, userId)
  const ageMs = Date.now() - (user?.createdAt.getTime() ?? 0)
  return ageMs < ctx.config.limits.newAccountHours * hour * 1_000
}
