import { toMeilisearchEntry } from './meilisearch/entry.ts'
import { toPostgresEntry } from './postgres/entry.ts'
import { foundBy } from './text/found-by.ts'

/** What an index keeps of a text, in columns or attributes of its own. */
export type Entry = Readonly<Record<string, string>>

const makers = { postgres: toPostgresEntry, meilisearch: toMeilisearchEntry }

export type EntryKind = keyof typeof makers

export const makeEntry = (kind: EntryKind, original: string): Entry => makers[kind](foundBy(original))
