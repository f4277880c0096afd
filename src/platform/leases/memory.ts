import type { Leases } from './leases.ts'

/** The leases of a single server: it lives as long as anybody asks. */
export function createMemoryLeases(): Leases {
  const mine = new Map<string, string>()
  return {
    isStale: false,
    async update({ acquired, released }) {
      for (const name of released) mine.delete(name)
      for (const [name, note] of acquired) mine.set(name, note)
    },
    async read(names) {
      const found = new Map<string, readonly string[]>()
      for (const name of names) {
        const note = mine.get(name)
        if (note !== undefined) found.set(name, [note])
      }
      return found
    },
    onInvalidated: () => () => {},
    async close() {
      mine.clear()
    },
  }
}
