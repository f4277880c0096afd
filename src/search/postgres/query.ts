import { partMin, trigramKeys, typoKeys, typosAllowed } from '../text/fuzzy.ts'
import type { Query, Term } from '../text/terms.ts'
import { bigramsOf, cutWord } from '../text/words.ts'
import { quoted } from './quoted.ts'

/** A query in PostgreSQL's words. */
export interface PostgresQuery {
  /** Every term, whole or as the beginning of a word. */
  starts: string
  /** Every term as a whole word. */
  whole: string
  /** The terms that cannot be found in any other way; '' when there is none. */
  strict: string
  /** The longest of the others; null when there is none. */
  inexact: InexactWord | null
}

/** A word that may also be a part of another one, or have typos. */
export interface InexactWord {
  /** Where other words than this one vary; '' when there are none. */
  starts: string
  /** A message that holds it as a part holds all of these. */
  parts: number[]
  /** One that holds it with typos holds one of these. */
  typos: number[]
}

export function postgresQuery({ terms }: Query): PostgresQuery {
  const [longest] = terms
    .flatMap((term) => (term.kind === 'word' && mayVary(term) ? [cutWord(term.text)] : []))
    .sort((one, other) => other.length - one.length)
  return {
    starts: all(terms.map(startsTerm)),
    whole: all(terms.map(wholeTerm)),
    strict: all(terms.filter((term) => !mayVary(term)).map(startsTerm)),
    inexact: longest === undefined ? null : inexactWord(longest, terms.length === 1),
  }
}

const mayVary = (term: Term) => term.kind === 'word' && term.text.length >= partMin

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
