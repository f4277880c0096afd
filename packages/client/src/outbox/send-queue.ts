import { type ErrorCode, errorWith, isParlanceError, type ParlanceError } from '../errors.ts'
import { backOff } from '../transport/back-off.ts'
import { type Pause, pause } from '../transport/pause.ts'
import type { Wake } from '../transport/wake.ts'
import { retryOf } from './retry-policy.ts'

export interface SendQueue {
  add(key: string): void
  /** Tries at once what waits. */
  wakeUp(): void
  stop(): void
}

/**
 * Sends the items of one conversation one after the other: the next begins when the fate of the one before is known,
 * which keeps their order. `send` throws when an attempt fails, and `fail` takes an item out that never succeeds.
 */
export function createSendQueue(
  send: (key: string) => Promise<void>,
  fail: (key: string, error: ParlanceError) => void,
  wake: Wake,
): SendQueue {
  const delays = backOff()
  const keys: string[] = []
  let running = false
  let stopped = false
  let waiting: Pause | null = null

  async function attempt(key: string): Promise<boolean> {
    try {
      await send(key)
      return true
    } catch (error) {
      const coded = isParlanceError(error) ? error : errorWith('INTERNAL' satisfies ErrorCode, String(error))
      const retry = retryOf(coded)
      if (stopped) return false
      if (retry === 'never') {
        fail(key, coded)
        return true
      }
      waiting = pause(retry.retryAfterMs ?? delays.next(), wake)
      await waiting.over
      waiting = null
      return false
    }
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    while (keys[0] && !stopped) {
      if (!(await attempt(keys[0]))) continue
      delays.reset()
      keys.shift()
    }
    running = false
  }

  return {
    add(key) {
      keys.push(key)
      void run()
    },
    wakeUp: () => waiting?.end(),
    stop() {
      stopped = true
      waiting?.end()
    },
  }
}
