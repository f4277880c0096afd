import type { Query } from '../text/terms.ts'
import type { SearchDocument } from './document.ts'
import type { EntryKind } from './entry.ts'

/** A conversation, and the first seq that the viewer may read. */
export interface Scope {
  conversationId: string
  fromSeq: number
  /** The seq of its newest message. */
  maxSeq: number
  /** The time of its latest activity. */
  activeAt: Date
}

export interface SearchFilter {
  /** Hits lie within these conversations only; the latest active one is first. */
  scopes: Scope[]
  senderIds: string[] | null
  kinds: string[] | null
  /** Inclusive. */
  sentAfter: Date | null
  /** Exclusive. */
  sentBefore: Date | null
  hasLink: boolean | null
  /** The user whom messages mention, by name or with all. */
  mentioning: string | null
}

export const noFilter: Omit<SearchFilter, 'scopes'> = {
  senderIds: null,
  kinds: null,
  sentAfter: null,
  sentBefore: null,
  hasLink: null,
  mentioning: null,
}

/** By score and then the latest first, or by time alone. */
export type SearchOrder = 'RELEVANCE' | 'NEWEST_FIRST' | 'OLDEST_FIRST'

export interface SearchRequest {
  /** Null finds every message that passes the filter. */
  query: Query | null
  filter: SearchFilter
  order: SearchOrder
}

/** Sort position of a hit: score, time and id. The score is 0 in an order by time. */
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
  /** The hits after a position, in order; fewer than `limit` only when there are no more. */
  search(request: SearchRequest, after: Position | null, limit: number): Promise<SearchHit[]>
}
