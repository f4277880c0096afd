import { limitViewer } from '../../auth/limit-viewer.ts'
import type { Context } from '../../context.ts'
import type { DigestChannel } from '../../platform/db/generated/enums.ts'
import type { RateLimitUse } from '../../platform/rate-limit/rate-limits.ts'

const hour = 3_600
const day = 86_400

// Calling codes by ITU-T E.164. Area codes of +1 are countries too, some of them with expensive numbers.
const callingCode = /^\+(1\d{3}|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/

/** The prefix of a phone number that stands for its country. */
export const countryPrefix = (phone: string): string => callingCode.exec(phone)?.[1] ?? ''

/** Counts a code against the user, device and client address, and against the address that receives it. */
export async function limitCodes(ctx: Context, channel: DigestChannel, address: string): Promise<void> {
  const { verificationsPerHour, verificationsPerAddressPerDay, verificationTextsPerCountryPerHour } =
    ctx.config.limits
  await limitViewer(ctx, { name: 'verifications', points: verificationsPerHour, seconds: hour })
  const perAddress = {
    name: 'verifications-per-address',
    points: verificationsPerAddressPerDay,
    seconds: day,
  }
  // Hashed, so that the counters contain no addresses.
  const uses: RateLimitUse[] = [[perAddress, ctx.auth.tokens.hashCode(`${channel} ${address.toLowerCase()}`)]]
  if (channel === 'SMS')
    uses.push([
      { name: 'verifications-per-country', points: verificationTextsPerCountryPerHour, seconds: hour },
      countryPrefix(address),
    ])
  await ctx.rateLimits.consume(...uses)
}
