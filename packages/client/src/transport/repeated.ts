import { createPauses } from './pauses.ts'
import type { Wake } from './wake.ts'

/** Work that is repeated until it succeeds. */
export interface Repeated {
  /** Starts it, or lets it start again at once if it waits. */
  run(): void
  stop(): void
}

/** Runs work once at a time. After a failure it pauses, longer each time, and runs again. */
export function repeated(work: () => Promise<void>, wake: Wake): Repeated {
  const pauses = createPauses(wake)
  let running = false
  let again = false
  let stopped = false

  async function loop(): Promise<void> {
    if (running || stopped) return
    running = true
    do {
      again = false
      try {
        await work()
        pauses.reset()
      } catch {
        if (stopped) break
        await pauses.next()
        again = true
      }
    } while (again && !stopped)
    running = false
  }

  return {
    run() {
      again = true
      pauses.end()
      void loop()
    },
    stop() {
      stopped = true
      pauses.end()
    },
  }
}
