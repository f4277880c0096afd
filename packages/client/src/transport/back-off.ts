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
      attempts += 1
      return (ceiling * (1 + Math.random())) / 2
    },
    reset() {
      attempts = 0
    },
  }
}
