import { indexedRecords, type Records } from '../session/records.ts'
import type { Entry, State } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import { type CacheLimits, snapshots } from './snapshot.ts'

export interface CacheOptions extends CacheLimits {
  store: Store
  name: string
  records?: Records
}

export interface Cache {
  /** Shows what is kept for a user, unless another one signed in meanwhile. */
  restore(owner: string, isCurrent: () => boolean): Promise<void>
  /** Keeps what changes, until the returned function is called. */
  follow(owner: string): () => void
  clear(): Promise<void>
}

/** Increased when states of earlier versions cannot be read. */
const format = 1
const metaKey = 'meta'
const writeAfterMs = 250
/** A database that does not answer must not keep the first screen waiting. */
const patienceMs = 1_000

interface Meta {
  format: number
  owner: string
  rest: Omit<State, 'entries'>
}

/** Without IndexedDB, or when it fails or is full, nothing is kept and nothing else changes. */
export function createCache({ store, name, ...options }: CacheOptions): Cache {
  const records = options.records ?? indexedRecords(name)
  const snapshotOf = snapshots(options)
  let written = new Map<string, unknown>()
  let broken = false

  async function load(owner: string, isCurrent: () => boolean): Promise<void> {
    const kept = await records.load()
    if (!isCurrent()) return
    const meta = kept.get(metaKey) as Meta | undefined
    if (meta?.format !== format || meta.owner !== owner) {
      if (kept.size > 0) await clear()
      return
    }
    written = new Map([...kept].filter(([key]) => key !== metaKey))
    const entries = Object.fromEntries(written) as Record<string, Entry>
    store.apply({ type: 'restored', state: { ...meta.rest, entries } })
  }

  async function write(owner: string, state: State): Promise<void> {
    const { entries, ...rest } = snapshotOf(state)
    const next = new Map<string, unknown>(Object.entries(entries))
    const changes = new Map<string, unknown>([...next].filter(([key, entry]) => written.get(key) !== entry))
    for (const key of written.keys()) if (!next.has(key)) changes.set(key, undefined)
    changes.set(metaKey, { format, owner, rest } satisfies Meta)
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
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patienceMs)
      })
      await Promise.race([load(owner, isCurrent).catch(() => {}), late])
      clearTimeout(timer)
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
