import { onTestFinished } from 'vitest'

const tickMs = 20

/**
 * Counts the milliseconds in which this process ran. While it stands still, and with it every server that the tests run in
 * it, next to nothing goes by: a busy machine is no fault of a server.
 */
function stopwatch() {
  let [ms, last] = [0, performance.now()]
  const read = () => {
    const now = performance.now()
    ms += Math.min(now - last, 3 * tickMs)
    last = now
    return ms
  }
  const timer = setInterval(read, tickMs)
  return { read, stop: () => clearInterval(timer) }
}

/** How many milliseconds have passed since this was called. */
export function activeTime(): () => number {
  const { read, stop } = stopwatch()
  onTestFinished(stop)
  return read
}

/** What comes of work, and how many milliseconds it took. */
export async function timed<Result>(work: Promise<Result>): Promise<[Result, number]> {
  const { read, stop } = stopwatch()
  return [await work.finally(stop), read()]
}
