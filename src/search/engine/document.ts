import { searchText } from '../../message/content/read.ts'
import type { MessageKind } from '../../platform/db/generated/enums.ts'
import { foldingVersion } from '../../platform/language/folding/fold.ts'
import { searchableMax } from '../text/index-terms.ts'
import type { Entry } from './entry.ts'

/** The columns of a message that search needs. */
export interface SearchableRow {
  id: string
  conversationId: string
  seq: number
  version: number
  senderId: string | null
  kind: MessageKind
  content: object
  sentAt: Date
  recalledAt: Date | null
}

/** A message in a search index. */
export interface SearchDocument {
  id: string
  conversationId: string
  seq: number
  version: number
  senderId: string
  kind: string
  sentAt: Date
  entry: Entry
}

/** Version of the entries. An index of another version is rebuilt. */
export const documentFormat = `2.${foldingVersion}`

/** The text of a message for search; null when there is none. System messages are not searched. */
export function searchableText({
  kind,
  content,
  recalledAt,
}: Pick<SearchableRow, 'kind' | 'content' | 'recalledAt'>): string | null {
  if (recalledAt) return null
  return searchText({ kind, content })?.slice(0, searchableMax) ?? null
}

/** Combines a message with the entry of its text; null for a message without sender. */
export function toDocument(row: SearchableRow, entry: Entry): SearchDocument | null {
  const { id, conversationId, seq, version, senderId, kind, sentAt } = row
  return senderId === null ? null : { id, conversationId, seq, version, senderId, kind, sentAt, entry }
}
