import { vi } from 'vitest'

/** Waits until it holds, however long a slow machine takes; a test of a time limit states the limit. */
export function eventually<Value>(holds: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(holds, { timeout: 20_000, interval: 20 })
}
