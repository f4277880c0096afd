/** Whom a limit counts somebody as. */
export interface LimitKeys {
  user: string
  device: string
  /** null is this machine itself, which says nothing about who is there. */
  address: string | null
}

/** What each of them may do of what a user may: a device no more, and an address, behind which many live, much more. */
export function sharesOf(
  points: number,
  { devicePercent, addressFactor }: { devicePercent: number; addressFactor: number },
): Record<keyof LimitKeys, number> {
  return {
    user: points,
    device: Math.max(1, Math.floor((points * devicePercent) / 100)),
    address: points * addressFactor,
  }
}
