const tickMs = 20

/**
 * What comes of work, and how many milliseconds it took while this process ran: what passes while the whole machine
 * stands still is counted for a moment only.
 */
export async function lasting<Result>(work: Promise<Result>): Promise<[Result, number]> {
  let [ms, last] = [0, performance.now()]
  const tick = () => {
    const now = performance.now()
    ms += Math.min(now - last, 3 * tickMs)
    last = now
  }
  const timer = setInterval(tick, tickMs)
  const result = await work.finally(() => clearInterval(timer))
  tick()
  return [result, ms]
}
