import { normaliseHandle } from '../account/handle.ts'
import type { Context } from '../context.ts'
import { addressKey } from '../platform/rate-limit/address-key.ts'
import type { Rule } from '../platform/rate-limit/rate-limits.ts'
import type { Credentials } from './credentials.ts'

type Counted = [rule: Rule, key: string]

const seconds = 300

/**
 * Counts a guess at a password before it is checked, so that asking many times at once is no way round, and forgets it
 * when it was right.
 */
export async function countGuess(
  { rateLimits }: Context,
  counted: Counted[],
  prove: () => Promise<boolean>,
): Promise<boolean> {
  for (const [rule, key] of counted) await rateLimits.take(rule, key)
  let wrong = false
  try {
    const proved = await prove()
    wrong = !proved
    return proved
  } finally {
    if (!wrong) await Promise.all(counted.map(([rule, key]) => rateLimits.giveBack(rule, key)))
  }
}

/**
 * What a sign-in counts against. Whoever guesses from one place is stopped soon, and from many places later; but a device
 * that has signed in to the account before is counted by itself, so that nobody can lock an owner out from elsewhere.
 */
export async function signInGuesses(
  ctx: Context,
  given: string,
  credentials: Credentials | null,
  deviceId: string | null | undefined,
): Promise<Counted[]> {
  const { logins, loginsPerAccount, loginsPerAddress } = ctx.config.limits
  const handle = normaliseHandle(given)
  const each = { name: 'logins', points: logins, seconds }
  if (deviceId && credentials && (await isKnown(ctx, credentials.userId, deviceId)))
    return [[each, `${handle} on ${deviceId}`]]

  const address = addressKey(ctx.viewerAddress)
  return [
    ...(address
      ? [[{ name: 'logins-per-address', points: loginsPerAddress, seconds }, address] satisfies Counted]
      : []),
    [each, `${handle} from ${address}`],
    [{ name: 'logins-per-account', points: loginsPerAccount, seconds }, handle],
  ]
}

/** What a signed-in person's own password counts against, when it is asked for again. */
export const ownGuesses = (ctx: Context, userId: string): Counted[] => [
  [{ name: 'password-checks', points: ctx.config.limits.logins, seconds }, userId],
]

async function isKnown({ sql }: Context, userId: string, deviceId: string): Promise<boolean> {
  const rows = await sql.query('select from session where user_id = $1 and device_id = $2 limit 1', [
    userId,
    deviceId,
  ])
  return rows.length > 0
}
