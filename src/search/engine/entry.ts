/** The search back ends; each keeps entries in a form of its own. */
export type EntryKind = 'postgres' | 'meilisearch'

/** The searchable form of a text, in the columns or attributes of its back end. */
export type Entry = Readonly<Record<string, string>>
