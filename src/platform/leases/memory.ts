import type { Leases } from './leases.ts'

/** Leases of a single server. */
export function createMemoryLeases(): Leases {
  const own = new Map<string, string>()
  return {
    isStale: false,
    async update({ acquired, released }) {
      for (const name of released) own.delete(name)
      for (const [name, value] of acquired) own.set(name, value)
    },
    async read(names) {
      const found = new Map<string, readonly string[]>()
      for (const name of names) {
        const value = own.get(name)
        if (value !== undefined) found.set(name, [value])
      }
      return found
    },
    onInvalidated: () => () => {},
    async close() {
      own.clear()
    },
  }
}
