const tickMs = 5

/**
 * Runs work and measures the longest time for which it blocked the event loop of this process, in milliseconds of
 * processor time. A pause of the machine uses no processor time, so it does not count.
 */
export async function withLoopLag<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; lagMs: number }> {
  let lagMs = 0
  let [lastMs, lastUsage] = [performance.now(), process.cpuUsage()]
  const measure = () => {
    const nowMs = performance.now()
    const { user, system } = process.cpuUsage(lastUsage)
    lagMs = Math.max(lagMs, Math.min(nowMs - lastMs - tickMs, (user + system) / 1_000))
    lastMs = nowMs
    lastUsage = process.cpuUsage()
  }
  const timer = setInterval(measure, tickMs)
  try {
    const result = await work()
    measure()
    return { result, lagMs }
  } finally {
    clearInterval(timer)
  }
}
