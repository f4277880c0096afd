import type { Leases } from './leases.ts'

/** The leases of a single server: it lives as long as anybody asks. */
export function createMemoryLeases(): Leases {
  const mine = new Set<string>()
  return {
    isSilent: false,
    async change({ held, released }) {
      for (const name of released) mine.delete(name)
      for (const name of held) mine.add(name)
    },
    async held(names) {
      return new Set(names.filter((name) => mine.has(name)))
    },
    onLapse: () => () => {},
    async close() {
      mine.clear()
    },
  }
}
