import { partMin } from '../text/fuzzy.ts'
import type { Query, Term } from '../text/terms.ts'
import { bigramsOf, cutWord } from '../text/words.ts'
import { quoted } from './quoted.ts'

/** Stands for the tag of a place in a tsquery; no word contains it. */
export const tagMark = '\u0001'

/** Follows the tag of what is no whole word; no word begins with it. */
export const partMark = '~'

/** Similar words of the database, by query word. */
export type SimilarWords = ReadonlyMap<string, readonly string[]>

/** Every term as a whole word. */
export const wholeQuery = ({ terms }: Query): string => all(terms.map(wholeTerm))

/** Every term, whole or as the beginning of a word. */
export const startsQuery = ({ terms }: Query): string => all(terms.map(startsTerm))

/** Every term, whole, as the beginning of a word, or as one of the words that are similar to it. */
export const similarQuery = ({ terms }: Query, similar: SimilarWords): string =>
  all(
    terms.map((term) => {
      const words = term.kind === 'word' ? (similar.get(term.text) ?? []) : []
      return words.length === 0
        ? startsTerm(term)
        : `(${[startsTerm(term), ...words.map(wholly)].join(' | ')})`
    }),
  )

/** The words of a query that also match as a part of a word or with typos. */
export const fuzzyWordsOf = ({ terms }: Query): string[] => [
  ...new Set(
    terms.flatMap((term) => (term.kind === 'word' && term.text.length >= partMin ? [term.text] : [])),
  ),
]

const all = (parts: string[]) => parts.join(' & ')

const wholly = (word: string) => quoted(tagMark + cutWord(word))
const asPart = (word: string) => quoted(tagMark + partMark + cutWord(word))
const exactly = (word: string) => `(${wholly(word)} | ${asPart(word)})`
const beginning = (word: string) => `(${wholly(word)}:* | ${asPart(word)}:*)`

function startsTerm(term: Term): string {
  switch (term.kind) {
    case 'word':
      return beginning(term.text)
    case 'joined':
      return all(
        term.words.map((word, index) => (index === term.words.length - 1 ? beginning : exactly)(word)),
      )
    case 'sign':
      return exactly(term.text)
    case 'run':
      return all(term.words.map(startsOfRun))
  }
}

function startsOfRun(word: string): string {
  const bigrams = bigramsOf(word)
  return bigrams.length > 0 ? all(bigrams.map(exactly)) : beginning(word)
}

const wholeTerm = (term: Term): string => all(('words' in term ? term.words : [term.text]).map(wholly))
