import type { Query } from '../text/terms.ts'
import type { SearchDocument } from './document.ts'
import type { EntryKind } from './entry.ts'

/** A conversation, and the first seq that the viewer may read. */
export interface Scope {
  conversationId: string
  fromSeq: number
}

export interface SearchFilter {
  /** Hits lie within these conversations only. */
  scopes: Scope[]
  senderIds: string[] | null
  kinds: string[] | null
  /** Inclusive. */
  sentAfter: Date | null
  /** Exclusive. */
  sentBefore: Date | null
}

/** Sort position of a hit: by score, time and id, all descending. */
export type Position = [score: number, sentAt: number, id: string]

export interface SearchHit {
  conversationId: string
  seq: number
  position: Position
}

/** Finds candidate messages. The index may be outdated or imprecise, so callers verify each hit against the message. */
export interface SearchIndex {
  /** Shown at start. */
  readonly description: string
  /** Whether it is a service of its own, whose work puts no load on this server and its database. */
  readonly isExternal: boolean
  /** The form of entries in its documents. */
  readonly entryKind: EntryKind
  /** Creates the index if necessary. Returns its generation, which is another one after the index was lost. */
  prepare(): Promise<string>
  /** Writes and removes documents; resolves when both are durable. Idempotent. */
  apply(documents: SearchDocument[], removedIds: string[]): Promise<void>
  /** The hits after a position, best first; fewer than `limit` only when there are no more. */
  search(query: Query, filter: SearchFilter, after: Position | null, limit: number): Promise<SearchHit[]>
}
