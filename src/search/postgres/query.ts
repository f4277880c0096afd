import { partMin, trigramKeys, typoKeys, typosAllowed } from '../text/fuzzy.ts'
import type { Query, Term } from '../text/terms.ts'
import { bigramsOf, cutWord } from '../text/words.ts'
import { quoted } from './quoted.ts'

/** A query as tsquery texts. */
export interface PostgresQuery {
  /** Every term, whole or as the beginning of a word. */
  starts: string
  /** Every term as a whole word. */
  whole: string
  /** The terms that are matched exactly; '' when there is none. */
  strict: string
  /** The longest fuzzy term; null when there is none. */
  inexact: InexactWord | null
}

/** A word that also matches as a part of another word, or with typos. */
export interface InexactWord {
  /** The word as a prefix, for queries with other fuzzy words; '' for a single term. */
  starts: string
  /** Keys, all of which a message with the word as a part has. */
  parts: number[]
  /** Keys, one of which a message with the word with typos has. */
  typos: number[]
}

export function postgresQuery({ terms }: Query): PostgresQuery {
  const [longest] = terms
    .flatMap((term) => (term.kind === 'word' && isFuzzy(term) ? [cutWord(term.text)] : []))
    .sort((one, other) => other.length - one.length)
  return {
    starts: all(terms.map(startsTerm)),
    whole: all(terms.map(wholeTerm)),
    strict: all(terms.filter((term) => !isFuzzy(term)).map(startsTerm)),
    inexact: longest === undefined ? null : inexactWord(longest, terms.length === 1),
  }
}

const isFuzzy = (term: Term) => term.kind === 'word' && term.text.length >= partMin

const inexactWord = (word: string, alone: boolean): InexactWord => ({
  starts: alone ? '' : `${quoted(word)}:*`,
  parts: trigramKeys(word, 0),
  typos: typoKeys(word, typosAllowed(word)),
})

const all = (parts: string[]) => parts.join(' & ')

function startsTerm(term: Term): string {
  switch (term.kind) {
    case 'word':
      return `${quoted(cutWord(term.text))}:*`
    case 'joined':
      return all(
        term.words.map(
          (word, index) => quoted(cutWord(word)) + (index === term.words.length - 1 ? ':*' : ''),
        ),
      )
    case 'sign':
      return quoted(cutWord(term.text))
    case 'run':
      return all(term.words.map(startsOfRun))
  }
}

function startsOfRun(word: string): string {
  const bigrams = bigramsOf(word)
  return bigrams.length > 0 ? all(bigrams.map(quoted)) : `${quoted(word)}:*`
}

const wholeTerm = (term: Term): string =>
  all(('words' in term ? term.words : [term.text]).map((word) => `${quoted(cutWord(word))}:A`))
