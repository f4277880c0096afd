import { Verdict } from './verdict.ts'
import type { World } from './world.ts'

const revokedWithinMs = 1_000

interface Tokens {
  accessToken: string
  refreshToken: string
}

/** P23: a refresh token has one successor, and none once that was used. */
export function refreshedOnce(world: World): Verdict {
  const verdict = new Verdict('P23')
  const refreshes = world.operations
    .filter(({ f, result }) => f === 'refresh' && result === 'ok')
    .map(({ in: given, out, begin, end }) => ({
      from: String(given.refreshToken),
      to: (out.refreshSession as Tokens).refreshToken,
      begin,
      end,
    }))
  for (const { from, to, begin } of refreshes) {
    const others = refreshes.filter((each) => each.from === from)
    verdict.examine(
      'two-successors',
      others.some((each) => each.to !== to) && 'a refresh token has two successors',
      begin,
    )
    const used = refreshes.find((each) => each.from === to && each.end < begin)
    verdict.examine(
      'token-reused',
      used !== undefined && 'a refresh token worked after its successor was used',
      begin,
    )
  }
  return verdict
}

/** P24: a session that was ended is refused within a second. */
export function revokedEverywhere(world: World): Verdict {
  const verdict = new Verdict('P24')
  const revoked = new Map(
    world.acknowledged('revoke').map(({ in: given, end }) => [String(given.sessionId), end]),
  )
  for (const { f, in: given, begin, end, result, user, server } of world.operations) {
    if (f !== 'me' || !given.sessionId) continue
    const since = revoked.get(String(given.sessionId))
    if (since !== undefined && begin > since + revokedWithinMs)
      verdict.examine('revoked-session-works', result === 'ok' && `${user} by server ${server}`, end)
  }
  return verdict
}
