import type { Logger } from 'pino'

/** Does a turn of work again and again. */
export interface Poller {
  /** Take the next turn now. */
  wake(): void
  /** Waits for the turn in hand. */
  close(): Promise<void>
}

const retryMaxMs = 30_000

/** `turn` returns how long to rest, in milliseconds; after one that fails the rest grows. */
export function createPoller(parts: { turn: () => Promise<number>; log: Logger; failure: string }): Poller {
  const { turn, log, failure } = parts
  let closed = false
  let running: Promise<void> | null = null
  let wanted = false
  let failures = 0
  let timer = setTimeout(start, 0)

  function start(): void {
    wanted = false
    running = attempt().then((restMs) => {
      running = null
      if (!closed) timer = setTimeout(start, wanted ? 0 : restMs)
    })
  }

  async function attempt(): Promise<number> {
    try {
      const restMs = await turn()
      failures = 0
      return restMs
    } catch (error) {
      failures += 1
      const retryMs = Math.min(retryMaxMs, 500 * 2 ** failures)
      if (!closed) log.warn({ err: error, retryMs }, failure)
      return retryMs
    }
  }

  return {
    wake() {
      if (closed || failures > 0) return
      wanted = true
      if (running) return
      clearTimeout(timer)
      timer = setTimeout(start, 0)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
