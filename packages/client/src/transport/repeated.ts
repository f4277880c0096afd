import { backOff } from './back-off.ts'
import { type Pause, pause } from './pause.ts'
import type { Wake } from './wake.ts'

/** Work that is repeated until it succeeds. */
export interface Repeated {
  /** Starts it, or lets it start again at once if it waits. */
  run(): void
  stop(): void
}

/** Runs work once at a time. After a failure it pauses, longer each time, and runs again. */
export function repeated(work: () => Promise<void>, wake: Wake): Repeated {
  const delays = backOff()
  let running = false
  let again = false
  let stopped = false
  let waiting: Pause | null = null

  async function loop(): Promise<void> {
    if (running || stopped) return
    running = true
    do {
      again = false
      try {
        await work()
        delays.reset()
      } catch {
        if (stopped) break
        waiting = pause(delays.next(), wake)
        await waiting.over
        waiting = null
        again = true
      }
    } while (again && !stopped)
    running = false
  }

  return {
    run() {
      again = true
      waiting?.end()
      void loop()
    },
    stop() {
      stopped = true
      waiting?.end()
    },
  }
}
