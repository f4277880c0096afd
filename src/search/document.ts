import { searchText } from '../message/content/read.ts'
import { fold, levelKana } from './text/fold.ts'
import { bigramsOf, camelHumps, wordsIn } from './text/words.ts'

/** A message as the store holds it, as far as search is concerned. */
export interface SearchableRow {
  id: string
  conversationId: string
  seq: number
  version: number
  senderId: string | null
  kind: string
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
  /** Folded. */
  text: string
  /** Whole words: a hit on one of them is the better hit. */
  words: string[]
  /** What else it is found by: neighbouring characters of runs, and the humps of camelCase. */
  parts: string[]
}

/** Grows when the words of documents are made in another way; an older index is then built anew. */
export const documentFormat = 1

/** The text that a message is found by; null when there is nothing to find. System messages are told, not said. */
export function searchableText({
  kind,
  content,
  recalledAt,
}: Pick<SearchableRow, 'kind' | 'content' | 'recalledAt'>) {
  if (recalledAt) return null
  return searchText({ kind, content })
}

export function toDocument(row: SearchableRow): SearchDocument | null {
  const original = searchableText(row)
  if (original === null || row.senderId === null) return null
  const folded = fold(original)
  const { words, runs } = wordsIn(folded)
  const parts = [...runs.flatMap(partsOfRun), ...camelHumps(original).map(fold)]
  const { id, conversationId, seq, version, senderId, kind, sentAt } = row
  return {
    id,
    conversationId,
    seq,
    version,
    senderId,
    kind,
    sentAt,
    text: levelKana(folded),
    words: [...words],
    parts: [...new Set(parts)].filter((part) => part !== '' && !words.has(part)),
  }
}

// The last character begins no bigram, but may be looked for too.
const partsOfRun = (run: string) => [...bigramsOf(run), Array.from(run).at(-1) ?? '']
