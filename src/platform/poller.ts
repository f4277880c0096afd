import type { Logger } from 'pino'

/** Does a turn of work again and again. */
export interface Poller {
  /** Take the next turn now. */
  wake(): void
  /** Waits for the turn in hand. */
  close(): Promise<void>
}

/** A poller that says whether its last turn failed. */
export interface WatchedPoller extends Poller {
  readonly failing: boolean
}

const retryMaxMs = 30_000

export interface PollerOptions {
  /** Returns how long to rest, in milliseconds; after one that fails the rest grows. */
  turn: () => Promise<number>
  log: Logger
  failure: string
  /** How long the turn of a wake-up waits, so that several wake-ups share one. */
  debounceMs?: number
}

export function createPoller({ turn, log, failure, debounceMs = 0 }: PollerOptions): WatchedPoller {
  let closed = false
  let running: Promise<void> | null = null
  let wanted = false
  let failures = 0
  let timer = setTimeout(start, 0)

  function start(): void {
    wanted = false
    running = attempt().then((delayMs) => {
      running = null
      if (!closed) timer = setTimeout(start, wanted ? debounceMs : delayMs)
    })
  }

  async function attempt(): Promise<number> {
    try {
      const delayMs = await turn()
      failures = 0
      return delayMs
    } catch (error) {
      failures += 1
      const retryMs = Math.min(retryMaxMs, 500 * 2 ** failures)
      if (!closed) log.warn({ err: error, retryMs }, failure)
      return retryMs
    }
  }

  return {
    wake() {
      if (closed || failures > 0 || wanted) return
      wanted = true
      if (running) return
      clearTimeout(timer)
      timer = setTimeout(start, debounceMs)
    },
    get failing() {
      return failures > 0
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
