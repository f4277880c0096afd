import type { Context } from '../../context.ts'

/** Counts a request or a try against the address of the client. */
export async function limitOrigin({ rateLimits, config, viewerAddress }: Context): Promise<void> {
  // Scripts on this machine may work for many users.
  if (viewerAddress === null) return
  const { passwordResetsPerHour: points } = config.limits
  await rateLimits.consume([{ name: 'password-resets', points, seconds: 3_600 }, viewerAddress])
}
