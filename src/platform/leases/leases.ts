import type { Unsubscribe } from '../bus/bus.ts'

/** Names that this server acquires, each with a value for readers, and names that it releases. */
export interface LeaseUpdate {
  acquired: ReadonlyMap<string, string>
  released: readonly string[]
}

/** What must be read again: leases of other servers, or, by all others, those of this server. */
export type LeaseScope = 'OTHERS' | 'OWN'

/** Names held by live servers, with a value each. The names of a server are released when its lease expires. */
export interface Leases {
  /** Redis has not answered for so long that the leases of other servers may have expired. */
  readonly isStale: boolean
  /** Never throws; failed writes are retried. */
  update(update: LeaseUpdate): Promise<void>
  /** The names that live servers hold, with the values of all holders; null if this is unknown. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]> | null>
  onInvalidated(listener: (scope: LeaseScope) => void): Unsubscribe
  /** The names stay held for `graceMs`, so that another server can acquire them. */
  close(graceMs: number): Promise<void>
}
