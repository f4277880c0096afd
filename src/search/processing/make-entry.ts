import type { Entry, EntryKind } from '../engine/entry.ts'
import { toMeilisearchEntry } from '../meilisearch/entry.ts'
import { toPostgresEntry } from '../postgres/entry.ts'
import { type IndexTerms, indexTermsOf } from '../text/index-terms.ts'

const makers: Record<EntryKind, (terms: IndexTerms) => Entry> = {
  postgres: toPostgresEntry,
  meilisearch: toMeilisearchEntry,
}

export const makeEntry = (kind: EntryKind, original: string): Entry => makers[kind](indexTermsOf(original))
