import { normaliseHandle } from '../../account/handle.ts'
import type { Context } from '../../context.ts'
import type { RateLimitUse } from '../../platform/rate-limit/rate-limits.ts'
import { viewerLimitKeys } from '../limit-viewer.ts'
import { isKnownDevice } from '../session/store.ts'

const seconds = 300

/** The limits that a guess counts against: those of its origin, and those of the account. */
interface Guess {
  origin: RateLimitUse[]
  account: RateLimitUse[]
}

/** Counts a guess before it is verified, so that parallel guesses cannot pass the limit. A correct guess is given back. */
export async function countGuess(
  { rateLimits }: Context,
  { origin, account }: Guess,
  verify: () => Promise<boolean>,
): Promise<boolean> {
  // In sequence: a guess above the limit of its origin does not count against the account.
  await rateLimits.consume(...origin)
  await rateLimits.consume(...account)
  let wrong = false
  try {
    const verified = await verify()
    wrong = !verified
    return verified
  } finally {
    if (!wrong) rateLimits.refund(...origin, ...account)
  }
}

/**
 * The limits of a sign-in: strict for one origin, wider for an account over all origins. A device that has signed in to
 * the account before is counted separately, so that attackers cannot lock the owner out.
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
    return { origin: [[each, `${handle} on ${deviceId}`]], account: [] }

  const address = ctx.viewerAddress
  const origin: RateLimitUse[] = [[each, `${handle} from ${address}`]]
  if (address !== null)
    origin.push([{ name: 'logins-per-address', points: loginsPerAddress, seconds }, address])
  if (address !== null && deviceId)
    origin.push([{ name: 'logins-per-device', points: loginsPerDevice, seconds }, deviceId])
  return { origin, account: [[{ name: 'logins-per-account', points: loginsPerAccount, seconds }, handle]] }
}

/** The limits for verifying the viewer's own password. Guesses on a lost device block only that device. */
export function ownGuesses(ctx: Context): Guess {
  const { user, device } = viewerLimitKeys(ctx)
  const { logins, loginsPerAccount } = ctx.config.limits
  return {
    origin: [[{ name: 'password-checks-per-device', points: logins, seconds }, device]],
    account: [[{ name: 'password-checks', points: loginsPerAccount, seconds }, user]],
  }
}
