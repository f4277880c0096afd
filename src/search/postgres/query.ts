import { typosAllowed } from '../text/match.ts'
import type { Query, Term } from '../text/terms.ts'
import { bigramsOf } from '../text/words.ts'

/** A query in PostgreSQL's words. */
export interface PostgresQuery {
  /** Finds whatever may hold the terms. */
  loose: string
  /** Only where each is a whole word. */
  whole: string
  /** Without the terms that may also stand inside of a longer word, or with typos; '' when none is left. */
  strict: string
  /** The longest of those terms; null when there is none. */
  fuzzy: string | null
}

const fuzzyMin = 4

export function postgresQuery({ terms }: Query): PostgresQuery {
  const mayVary = (term: Term) => term.kind === 'word' && term.text.length >= fuzzyMin
  const fuzzy = terms
    .flatMap((term) => (term.kind === 'word' && mayVary(term) ? [term.text] : []))
    .sort((one, other) => typosAllowed(other) - typosAllowed(one) || other.length - one.length)
  return {
    loose: all(terms.map(looseTerm)),
    whole: all(terms.map(wholeTerm)),
    strict: all(terms.filter((term) => !mayVary(term)).map(looseTerm)),
    fuzzy: fuzzy[0] ?? null,
  }
}

const all = (parts: string[]) => parts.join(' & ')

const quoted = (word: string) => `'${word.replace(/['\\]/g, '$&$&')}'`

function looseTerm(term: Term): string {
  switch (term.kind) {
    case 'word':
      return `${quoted(term.text)}:*`
    case 'joined':
      return all(
        term.words.map((word, index) => quoted(word) + (index === term.words.length - 1 ? ':*' : '')),
      )
    case 'sign':
      return quoted(term.text)
    case 'run':
      return all(term.words.map(looseWord))
  }
}

function looseWord(word: string): string {
  const bigrams = bigramsOf(word)
  return bigrams.length > 0 ? all(bigrams.map(quoted)) : `${quoted(word)}:*`
}

const wholeTerm = (term: Term): string =>
  all(('words' in term ? term.words : [term.text]).map((word) => `${quoted(word)}:A`))

/** The words of a document as a tsvector; whole words weigh more than parts. */
export function postgresWords({ words, parts }: { words: string[]; parts: string[] }): string {
  const weighed = (list: string[], weight: string) => list.map((word) => `${quoted(word)}:1${weight}`)
  return [...weighed(words, 'A'), ...weighed(parts, '')].join(' ')
}
