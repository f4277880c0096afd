import type { Entry, EntryKind } from '../engine/entry.ts'
import { completionsIn } from '../text/complete.ts'
import { matchText, type TextRange } from '../text/match.ts'
import type { Term } from '../text/terms.ts'
import { makeEntry } from './make-entry.ts'

/** Work that grows with the length of texts. Each task takes several texts and returns one result per text. */
export const tasks = {
  entries: ({ kind, texts }: { kind: EntryKind; texts: string[] }): Entry[] =>
    texts.map((text) => makeEntry(kind, text)),
  matches: ({ terms, texts }: { terms: readonly Term[]; texts: string[] }): (TextRange[] | null)[] =>
    texts.map((text) => matchText(terms, text)),
  completions: ({ prefix, texts }: { prefix: string; texts: string[] }): string[][] =>
    texts.map((text) => completionsIn(text, prefix)),
}

export type Tasks = typeof tasks
