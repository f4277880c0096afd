import { indexedRecords, type Records } from '../session/records.ts'
import type { Entry, State } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import { type CacheLimits, type Snapshot, snapshots, stateOf } from './snapshot.ts'

export interface CacheOptions extends CacheLimits {
  store: Store
  name: string
  records?: Records
}

/** `old`: to paint from, but so much may have changed that the first screen is read. */
export type Restored = 'recent' | 'old' | null

export interface Cache {
  /** Shows what is kept for a user, unless another one signed in meanwhile. */
  restore(owner: string, isCurrent: () => boolean): Promise<Restored>
  /** Keeps what changes, until the returned function is called. */
  follow(owner: string): () => void
  clear(): Promise<void>
}

/** Increased when states of earlier versions cannot be read. */
const format = 1
const metaKey = 'meta'
const writeAfterMs = 250
const recentForMs = 24 * 60 * 60 * 1_000
/** A database that does not answer must not keep the first screen waiting. */
const patienceMs = 1_000

interface Meta {
  format: number
  owner: string
  savedAt: number
  rest: Snapshot['rest']
}

/** Without IndexedDB, or when it fails or is full, nothing is kept and nothing else changes. */
export function createCache({ store, name, ...options }: CacheOptions): Cache {
  const records = options.records ?? indexedRecords(name)
  const snapshotOf = snapshots(options)
  let written = new Map<string, unknown>()
  let broken = false

  async function load(owner: string, isCurrent: () => boolean): Promise<Meta | null> {
    const kept = await records.load()
    if (!isCurrent()) return null
    const meta = kept.get(metaKey) as Meta | undefined
    if (meta?.format !== format || meta.owner !== owner) {
      if (kept.size > 0) await clear()
      return null
    }
    const entries = [...kept].filter(([key]) => key !== metaKey)
    store.apply({
      type: 'restored',
      state: stateOf({ rest: meta.rest, entries: entries.map(([, entry]) => entry as Entry) }),
    })
    written = new Map(entries)
    return meta
  }

  async function write(owner: string, state: State): Promise<void> {
    const { rest, entries } = snapshotOf(state)
    const next = new Map<string, unknown>(entries.map((entry) => [entry.row.id, entry]))
    const changes = new Map<string, unknown>([...next].filter(([key, entry]) => written.get(key) !== entry))
    for (const key of written.keys()) if (!next.has(key)) changes.set(key, undefined)
    changes.set(metaKey, { format, owner, savedAt: Date.now(), rest } satisfies Meta)
    try {
      await records.change(changes)
      written = next
    } catch {
      // It is full, or forbidden. What it holds ages, and may include what was recalled since.
      broken = true
      await clear()
    }
  }

  async function clear(): Promise<void> {
    written = new Map()
    await records.clear().catch(() => {})
  }

  return {
    async restore(owner, isCurrent) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), patienceMs)
      })
      const meta = await Promise.race([load(owner, isCurrent).catch(() => null), late])
      clearTimeout(timer)
      if (!meta) return null
      const age = Date.now() - meta.savedAt
      return age >= 0 && age < recentForMs ? 'recent' : 'old'
    },
    follow(owner) {
      let timer: ReturnType<typeof setTimeout> | null = null
      let writing: Promise<void> = Promise.resolve()
      const stop = store.subscribe(() => {
        if (timer || broken || store.get().cursor === null) return
        timer = setTimeout(() => {
          timer = null
          writing = writing.then(() => (ended ? undefined : write(owner, store.get())))
        }, writeAfterMs)
      })
      let ended = false
      return () => {
        ended = true
        stop()
        if (timer) clearTimeout(timer)
      }
    },
    clear,
  }
}
