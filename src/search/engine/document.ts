import { searchText } from '../../message/content/read.ts'
import type { MessageKind } from '../../platform/db/generated/enums.ts'
import { foldingVersion } from '../../platform/language/folding/fold.ts'
import { searchableMax } from '../text/index-terms.ts'
import type { Entry } from './entry.ts'

/** A message as the store holds it, as far as search is concerned. */
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

/** What an index keeps of a message. */
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

/** Changes when the entries of documents are made in another way; an older index is then built anew. */
export const documentFormat = `2.${foldingVersion}`

/** The text that a message is found by; null when there is nothing to find. System messages are not searched. */
export function searchableText({
  kind,
  content,
  recalledAt,
}: Pick<SearchableRow, 'kind' | 'content' | 'recalledAt'>): string | null {
  if (recalledAt) return null
  return searchText({ kind, content })?.slice(0, searchableMax) ?? null
}

/** Joins a message with the entry that was made of its text. */
export function toDocument(row: SearchableRow, entry: Entry): SearchDocument | null {
  const { id, conversationId, seq, version, senderId, kind, sentAt } = row
  return senderId === null ? null : { id, conversationId, seq, version, senderId, kind, sentAt, entry }
}
