import { loadUser } from '../account/store.ts'
import type { Context } from '../context.ts'
import type { Rule } from '../platform/rate-limit/rate-limits.ts'

const hour = 3_600
const day = 86_400

/** How many people the viewer may ask to be friends. A new account may ask fewer: spammers make many of them. */
export async function friendRequestRule(ctx: Context, userId: string): Promise<Rule> {
  const { friendRequestsPerHour, newAccountFriendRequestsPerDay } = ctx.config.limits
  return (await isNew(ctx, userId))
    ? { name: 'new-account-friend-requests', points: newAccountFriendRequestsPerDay, seconds: day }
    : { name: 'friend-requests', points: friendRequestsPerHour, seconds: hour }
}

/** How many people who are no friends the viewer may begin to write to. */
export async function strangerRule(ctx: Context, userId: string): Promise<Rule> {
  const { strangersPerDay, newAccountStrangersPerDay } = ctx.config.limits
  return (await isNew(ctx, userId))
    ? { name: 'new-account-strangers', points: newAccountStrangersPerDay, seconds: day }
    : { name: 'strangers', points: strangersPerDay, seconds: day }
}

async function isNew(ctx: Context, userId: string): Promise<boolean> {
  const user = await loadUser(ctx, userId)
  const ageMs = Date.now() - (user?.createdAt.getTime() ?? 0)
  return ageMs < ctx.config.limits.newAccountHours * hour * 1_000
}
