import { onTestFinished } from 'vitest'

const tickMs = 20

/**
 * Counts the milliseconds in which this process ran. A pause of the process, and of every server that runs in it, does
 * not count: a busy machine is not a fault of the server.
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

/** Milliseconds of activity since this was called. */
export function activeTime(): () => number {
  const { read, stop } = stopwatch()
  onTestFinished(stop)
  return read
}

/** The result of work and the milliseconds of activity that it took. */
export async function timed<Result>(work: Promise<Result>): Promise<[Result, number]> {
  const { read, stop } = stopwatch()
  return [await work.finally(stop), read()]
}
