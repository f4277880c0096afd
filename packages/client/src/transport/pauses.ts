import { backOff } from './back-off.ts'
import type { Wake } from './wake.ts'

/** The pauses between attempts: longer each time, and short again after one that ended early. */
export interface Pauses {
  /** Waits for `ms`, by default for longer than the last time, or until the page wakes. With null, only until then. */
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
          // The pauses became long while the network failed; now it may be back.
          delays.reset()
          finish()
        }
      }),
    end: () => end(),
    reset: delays.reset,
  }
}
