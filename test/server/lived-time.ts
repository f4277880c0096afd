import { onTestFinished } from 'vitest'

const stepMs = 20
const countedMs = 50

/**
 * How many milliseconds this process has lived since it was called. While it stands still, and with it every server that
 * the tests run in it, next to nothing goes by: a busy machine is no fault of a server.
 */
export function livedTime(): () => number {
  let lived = 0
  let last = performance.now()
  const step = () => {
    const now = performance.now()
    lived += Math.min(now - last, countedMs)
    last = now
    return lived
  }
  const timer = setInterval(step, stepMs)
  onTestFinished(() => clearInterval(timer))
  return step
}
