import { readFileSync } from 'node:fs'

const tickMs = 5

/** Processor time of this thread in milliseconds; of the whole process if the system does not report threads. */
function processorMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)[0]) / 1_000_000
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000
  }
}

/**
 * The longest time for which work blocked the event loop, in milliseconds of processor time: the least of three times, since
 * once in a while the garbage of other tests is collected meanwhile. The code was compiled before.
 */
export async function loopLagOf(work: () => Promise<unknown>): Promise<number> {
  await work()
  const lags: number[] = []
  for (let count = 0; count < 3; count += 1) lags.push((await withLoopLag(work)).lagMs)
  return Math.min(...lags)
}

/**
 * Runs work and measures the longest time for which it blocked the event loop of this process, in milliseconds of
 * processor time. A pause of the machine uses no processor time, and other threads block nothing, so neither counts.
 */
export async function withLoopLag<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; lagMs: number }> {
  let lagMs = 0
  let [lastMs, lastUsed] = [performance.now(), processorMs()]
  const measure = () => {
    const [nowMs, used] = [performance.now(), processorMs()]
    lagMs = Math.max(lagMs, Math.min(nowMs - lastMs - tickMs, used - lastUsed))
    lastMs = nowMs
    lastUsed = used
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
