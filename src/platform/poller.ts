import type { Logger } from 'pino'

/** Repeats a piece of work. */
export interface Poller {
  /** Runs the next turn now. */
  wake(): void
  /** Resolves when the running turn has ended. */
  close(): Promise<void>
}

/** A poller that exposes whether its last turn failed. */
export interface WatchedPoller extends Poller {
  readonly failing: boolean
}

const retryMaxMs = 30_000

export interface PollerOptions {
  /** Returns the pause before the next turn, in milliseconds. After failures the pause grows. */
  turn: () => Promise<number>
  log: Logger
  /** Log line for a failed turn. */
  failure: string
  /** Delay of the turn after a wake-up, so that several wake-ups share one turn. */
  debounceMs?: number
}

export function createPoller({ turn, log, failure, debounceMs = 0 }: PollerOptions): WatchedPoller {
  let closed = false
  let running: Promise<void> | null = null
  let isWoken = false
  let failures = 0
  let timer = setTimeout(start, 0)

  function start(): void {
    isWoken = false
    running = attempt().then((delayMs) => {
      running = null
      if (!closed) timer = setTimeout(start, isWoken ? debounceMs : delayMs)
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
      if (closed || failures > 0 || isWoken) return
      isWoken = true
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
