import { backOff } from './back-off.ts'
import type { Wake } from './wake.ts'

/** The pauses between attempts: longer each time, and short again after one that ended early. */
export interface Pauses {
  /** Waits for this long, or longer than the last time; until the page wakes at most, and with null for that alone. */
  next(ms?: number | null): Promise<void>
  /** Ends the present pause. */
  end(): void
  /** An attempt succeeded. */
  reset(): void
}

export function createPauses(wake: Wake, delays = backOff()): Pauses {
  let end = () => {}
  return {
    next: (ms = delays.next()) =>
      new Promise((resolve) => {
        const finish = () => {
          end = () => {}
          clearTimeout(timer)
          stop()
          resolve()
        }
        const timer = ms === null ? undefined : setTimeout(finish, ms)
        const stop = wake(() => end())
        end = () => {
          // They became long with a network that may be another one now.
          delays.reset()
          finish()
        }
      }),
    end: () => end(),
    reset: delays.reset,
  }
}
