import { mentionsIn, searchText } from '../../message/content/read.ts'
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
  hasLink: boolean
  /** The mentioned user ids; null is a mention of all. */
  mentions: (string | null)[]
  entry: Entry
}

/** Version of the entries. An index of another version is rebuilt. */
export const documentFormat = `4.${foldingVersion}`

/** The text of a message for search; null when it was recalled, empty when it has none. */
export function searchableText({
  kind,
  content,
  recalledAt,
}: Pick<SearchableRow, 'kind' | 'content' | 'recalledAt'>): string | null {
  if (recalledAt) return null
  return searchText({ kind, content })?.slice(0, searchableMax) ?? ''
}

const link = /https?:\/\/\S/iu

export const hasLink = (text: string): boolean => link.test(text)

/** Combines a message with its text and the entry of it; null for a message without sender. */
export function toDocument(row: SearchableRow, text: string, entry: Entry): SearchDocument | null {
  const { id, conversationId, seq, version, senderId, kind, content, sentAt } = row
  if (senderId === null) return null
  const found = { hasLink: hasLink(text), mentions: mentionsIn({ kind, content }), entry }
  return { id, conversationId, seq, version, senderId, kind, sentAt, ...found }
}
