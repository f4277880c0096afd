const ticks = 20

/**
 * Calls back after a time without an answer; the returned function cancels. The time in which this process itself did
 * not run is not counted: a timer fires before answers that arrived meanwhile are read.
 */
export function startPatience(ms: number, onElapsed: () => void): () => void {
  const tickMs = ms / ticks
  let left = ms
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    left -= Math.min(now - last, 2 * tickMs)
    last = now
    if (left > 0) return
    clearInterval(timer)
    onElapsed()
  }, tickMs)
  return () => clearInterval(timer)
}
