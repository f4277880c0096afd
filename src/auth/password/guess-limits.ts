import { normaliseHandle } from '../../account/handle.ts'
import type { Context } from '../../context.ts'
import type { RateLimitUse } from '../../platform/rate-limit/rate-limits.ts'
import { viewerLimitKeys } from '../limit-viewer.ts'
import { isKnownDevice } from '../session/store.ts'

const seconds = 300

/** What a guess counts against: where it comes from, and whose password it may be. */
interface Guess {
  places: RateLimitUse[]
  account: RateLimitUse[]
}

/**
 * Counts a guess at a password before it is checked, so that asking many times at once is no way round, and forgets it
 * when it was right.
 */
export async function countGuess(
  { rateLimits }: Context,
  { places, account }: Guess,
  verify: () => Promise<boolean>,
): Promise<boolean> {
  // One after the other: what a place has guessed too often does not reach the count of the account.
  await rateLimits.consume(...places)
  await rateLimits.consume(...account)
  let wrong = false
  try {
    const verified = await verify()
    wrong = !verified
    return verified
  } finally {
    if (!wrong) rateLimits.refund(...places, ...account)
  }
}

/**
 * What a sign-in counts against. Whoever guesses from one place is stopped soon, and from many places later; but a device
 * that has signed in to the account before is counted by itself, so that nobody can lock an owner out from elsewhere.
 */
export async function signInGuesses(
  ctx: Context,
  given: string,
  account: { userId: string } | null,
  deviceId: string | null | undefined,
): Promise<Guess> {
  const { logins, loginsPerAccount, loginsPerDevice, loginsPerAddress } = ctx.config.limits
  const handle = normaliseHandle(given)
  const each = { name: 'logins', points: logins, seconds }
  if (deviceId && account && (await isKnownDevice(ctx.sql, account.userId, deviceId)))
    return { places: [[each, `${handle} on ${deviceId}`]], account: [] }

  const address = ctx.viewerAddress
  const places: RateLimitUse[] = [[each, `${handle} from ${address}`]]
  if (address !== null)
    places.push([{ name: 'logins-per-address', points: loginsPerAddress, seconds }, address])
  if (address !== null && deviceId)
    places.push([{ name: 'logins-per-device', points: loginsPerDevice, seconds }, deviceId])
  return { places, account: [[{ name: 'logins-per-account', points: loginsPerAccount, seconds }, handle]] }
}

/** What a signed-in person's own password counts against, when it is asked for again: a lost device stops none but itself. */
export function ownGuesses(ctx: Context): Guess {
  const { user, device } = viewerLimitKeys(ctx)
  const { logins, loginsPerAccount } = ctx.config.limits
  return {
    places: [[{ name: 'password-checks-per-device', points: logins, seconds }, device]],
    account: [[{ name: 'password-checks', points: loginsPerAccount, seconds }, user]],
  }
}
