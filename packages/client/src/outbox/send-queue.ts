import { type ErrorCode, errorWith, isParlanceError, type ParlanceError } from '../errors.ts'
import { createPauses } from '../transport/pauses.ts'
import type { Wake } from '../transport/wake.ts'
import { retryOf } from './retry-policy.ts'

export interface SendQueue {
  add(key: string): void
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
  const pauses = createPauses(wake)
  const keys: string[] = []
  let running = false
  let stopped = false

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
      await pauses.next(retry.retryAfterMs ?? undefined)
      return false
    }
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    while (keys[0] && !stopped) {
      if (!(await attempt(keys[0]))) continue
      pauses.reset()
      keys.shift()
    }
    running = false
  }

  return {
    add(key) {
      keys.push(key)
      void run()
    },
    stop() {
      stopped = true
      pauses.end()
    },
  }
}
