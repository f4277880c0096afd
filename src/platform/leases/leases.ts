import type { Unsubscribe } from '../bus/bus.ts'

/** Names that this server takes, each with what it notes beside it, or lets go. */
export interface LeaseUpdate {
  acquired: ReadonlyMap<string, string>
  released: readonly string[]
}

/** What may have changed without a word: what others hold, or what they know of this server. */
export type LeaseScope = 'OTHERS' | 'OWN'

/** Which names living servers hold, and what each notes of them. What a server held goes with it, when its lease has run out. */
export interface Leases {
  /** Nothing has been heard of the other servers for so long that their leases may be over. */
  readonly isStale: boolean
  /** Never throws; what cannot be written now is written later. */
  update(update: LeaseUpdate): Promise<void>
  /** Those of the names that living servers hold, with the notes of all of these; null while that cannot be known. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]> | null>
  onInvalidated(listener: (scope: LeaseScope) => void): Unsubscribe
  /** What is held here is held for so long yet, so that another server can take it over. */
  close(graceMs: number): Promise<void>
}
