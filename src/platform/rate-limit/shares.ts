/** Keys under which the uses of a user are counted. */
export interface LimitKeys {
  user: string
  device: string
  /** Null for loopback, which is not limited. */
  address: string | null
}

/** The points of each key: a part of the user’s for a device, a multiple for an address, which many users share. */
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
