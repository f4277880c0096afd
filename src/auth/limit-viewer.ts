import { type Context, requireViewer } from '../context.ts'
import type { Rule } from '../platform/rate-limit/rate-limits.ts'
import { type LimitKeys, sharesOf } from '../platform/rate-limit/shares.ts'

/** Whom a limit counts the viewer as: themself, the device that they are on, and where that is. */
export function viewerLimitKeys(ctx: Context): LimitKeys {
  const { userId, sessionId } = requireViewer(ctx)
  return {
    user: userId,
    // Devices choose their ids: one that many happen to choose must not make them pay for each other.
    device: `${userId} ${ctx.auth.sessions.deviceOf(sessionId)}`,
    address: ctx.viewerAddress,
  }
}

/** Counts something that the viewer does: RATE_LIMITED once it was too often for them, their device or their address. */
export async function limitViewer(ctx: Context, rule: Rule, ...ofPerson: Rule[]): Promise<void> {
  const { user, device, address } = viewerLimitKeys(ctx)
  const shares = sharesOf(rule.points, ctx.config.limits)
  const named = (share: 'device' | 'address'): Rule => ({
    ...rule,
    name: `${rule.name}-per-${share}`,
    points: shares[share],
  })
  await ctx.rateLimits.consume(
    [rule, user],
    ...ofPerson.map((more) => [more, user] as const),
    [named('device'), device],
    ...(address === null ? [] : [[named('address'), address] as const]),
  )
}
