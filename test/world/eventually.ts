import { vi } from 'vitest'

/** Waits until it holds. How soon is the machine's affair; a test that means a time says which. */
export function eventually<Value>(holds: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(holds, { timeout: 20_000, interval: 20 })
}
