/** Delays between attempts: they double up to the longest and are random, so that clients do not return together. */
export interface BackOff {
  next(): number
  reset(): void
}

export function backOff(shortestMs = 300, longestMs = 15_000): BackOff {
  let attempts = 0
  return {
    next() {
      const ceiling = Math.min(longestMs, shortestMs * 2 ** attempts)
      attempts = Math.min(attempts + 1, 30)
      return ceiling / 2 + (Math.random() * ceiling) / 2
    },
    reset() {
      attempts = 0
    },
  }
}
