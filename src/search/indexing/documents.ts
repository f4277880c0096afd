import { type SearchableRow, type SearchDocument, searchableText, toDocument } from '../engine/document.ts'
import type { Search } from '../open.ts'

/** What an index is to keep of messages, and which of them it is to forget. */
export async function toDocuments(
  { index, texts }: Pick<Search, 'index' | 'texts'>,
  rows: readonly SearchableRow[],
): Promise<{ documents: SearchDocument[]; removedIds: string[] }> {
  const found = rows.map((row) => (row.senderId === null ? null : searchableText(row)))
  const entries = await texts.entries({ kind: index.entryKind, texts: found.filter((text) => text !== null) })
  const documents: SearchDocument[] = []
  const removedIds: string[] = []
  for (const [place, row] of rows.entries()) {
    const entry = found[place] === null ? null : entries.shift()
    const document = entry ? toDocument(row, entry) : null
    if (document) documents.push(document)
    else removedIds.push(row.id)
  }
  return { documents, removedIds }
}
