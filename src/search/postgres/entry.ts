import type { IndexTerms } from '../text/index-terms.ts'

/**
 * The entry of a text for PostgreSQL: words separated by spaces, which no word contains. `spaced` are the whole words that
 * match with typos and by a part, `others` the other whole words, `parts` what else begins a match.
 */
export type PostgresEntry = { spaced: string; others: string; parts: string }

export function toPostgresEntry({ words, spaced, starts, neighbours }: IndexTerms): PostgresEntry {
  const parts = new Set([...starts, ...neighbours].filter((part) => part !== '' && !words.has(part)))
  return {
    spaced: [...spaced].join(' '),
    others: [...words].filter((word) => !spaced.has(word)).join(' '),
    parts: [...parts].join(' '),
  }
}

/** The words of a part of an entry. */
export const wordsIn = (joined: string): string[] => (joined === '' ? [] : joined.split(' '))
