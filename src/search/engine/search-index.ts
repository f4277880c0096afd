import type { Query } from '../text/terms.ts'
import type { SearchDocument } from './document.ts'
import type { EntryKind } from './entry.ts'

/** A conversation, and where the reader's history of it begins. */
export interface Scope {
  conversationId: string
  fromSeq: number
}

export interface SearchFilter {
  /** Nothing outside of these is ever asked for. */
  scopes: Scope[]
  senderIds: string[] | null
  kinds: string[] | null
  /** Inclusive. */
  sentAfter: Date | null
  /** Exclusive. */
  sentBefore: Date | null
}

/** The place of a hit in the order of hits: by score, then the latest, then the id, all falling. */
export type Position = [score: number, sentAt: number, id: string]

export interface SearchHit {
  conversationId: string
  seq: number
  position: Position
}

/**
 * Finds messages that may hold what is wanted. It may lag and it may be wrong: whoever asks looks at the messages
 * themselves before they show any.
 */
export interface SearchIndex {
  /** For people to read. */
  readonly description: string
  /** Which entries its documents have. */
  readonly entryKind: EntryKind
  /** Makes the index ready and says which one it is: an index that was lost comes back as another generation. */
  prepare(): Promise<string>
  /** Puts and removes; resolves when that is durable. Doing it twice is harmless. */
  apply(documents: SearchDocument[], removedIds: string[]): Promise<void>
  /** The hits after a position, the best first; fewer than `limit` only when there are no more. */
  search(query: Query, filter: SearchFilter, after: Position | null, limit: number): Promise<SearchHit[]>
}
