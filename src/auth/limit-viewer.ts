import { type Context, requireViewer } from '../context.ts'
import type { Rule } from '../platform/rate-limit/rate-limits.ts'
import { type LimitKeys, sharesOf } from '../platform/rate-limit/shares.ts'

/** The keys by which limits count the viewer: user, device and address. */
export function viewerLimitKeys(ctx: Context): LimitKeys {
  const { userId, sessionId } = requireViewer(ctx)
  return {
    user: userId,
    // Clients choose device ids, so an id that several users share must not share a limit.
    device: `${userId} ${ctx.auth.sessions.deviceOf(sessionId)}`,
    address: ctx.viewerAddress,
  }
}

/** Counts an action of the viewer; RATE_LIMITED above the limit of the user, the device or the address. */
export async function limitViewer(ctx: Context, rule: Rule, ...ofUser: Rule[]): Promise<void> {
  const { user, device, address } = viewerLimitKeys(ctx)
  const shares = sharesOf(rule.points, ctx.config.limits)
  const named = (share: 'device' | 'address'): Rule => ({
    ...rule,
    name: `${rule.name}-per-${share}`,
    points: shares[share],
  })
  await ctx.rateLimits.consume(
    [rule, user],
    ...ofUser.map((more) => [more, user] as const),
    [named('device'), device],
    ...(address === null ? [] : [[named('address'), address] as const]),
  )
}
