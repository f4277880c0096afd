import { type SearchableRow, type SearchDocument, searchableText, toDocument } from '../engine/document.ts'
import type { SearchIndex } from '../engine/search-index.ts'
import type { TextProcessor } from '../processing/processor.ts'

export interface Indexing {
  index: SearchIndex
  texts: TextProcessor
}

/** The documents to write for changed messages, and the ids to remove. */
export async function toDocuments(
  { index, texts }: Indexing,
  rows: readonly SearchableRow[],
): Promise<{ documents: SearchDocument[]; removedIds: string[] }> {
  const found = rows.map((row) => (row.senderId === null ? null : searchableText(row)))
  const entries = await texts.entries({ kind: index.entryKind, texts: found.filter((text) => text !== null) })
  const documents: SearchDocument[] = []
  const removedIds: string[] = []
  for (const [place, row] of rows.entries()) {
    const text = found[place] ?? null
    const entry = text === null ? null : entries.shift()
    const document = text !== null && entry ? toDocument(row, text, entry) : null
    if (document) documents.push(document)
    else removedIds.push(row.id)
  }
  return { documents, removedIds }
}
