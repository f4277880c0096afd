import type { SearchDocument } from '../engine/document.ts'
import type { SearchFilter } from '../engine/search-index.ts'
import { partMin, startKeys, trigramKeys, typosAllowed } from '../text/fuzzy.ts'
import type { Query, Term } from '../text/terms.ts'
import { bigramsOf, cutWord } from '../text/words.ts'
import { encodeKey, encodeText, isPlain } from './codes.ts'

/** A message as a document of Meilisearch. */
export interface MeiliDocument {
  id: string
  conversationId: string
  seq: number
  senderId: string
  kind: string
  hasLink: boolean
  /** The mentioned user ids, and a sign for all. */
  mentions: string[]
  /** Sort key by the time sent, nearly unique. */
  order: number
}

// The product stays below 2^53 for two centuries.
const ordersPerMs = 1_000
const orderAt = (time: Date) => time.getTime() * ordersPerMs

// No user id contains it.
const everyone = '*'

export function toMeiliDocument({ entry, sentAt, ...document }: SearchDocument): MeiliDocument {
  const { id, conversationId, seq, senderId, kind, hasLink } = document
  const mentions = document.mentions.map((userId) => userId ?? everyone)
  const order = orderAt(sentAt) + (seq % ordersPerMs)
  return { id, conversationId, seq, senderId, kind, hasLink, mentions, order, ...entry }
}

/** Queries of Meilisearch; a document must match every word. */
export interface MeiliQuery {
  /** Every term as a whole word. */
  whole: string
  /** Every term, whole or as the beginning of a word. */
  starts: string
  /** The longest fuzzy word as a part of another word, or with typos; null when there is none. */
  part: string | null
  typo: string | null
}

// Meilisearch ignores words after the tenth; verification checks the message for all of them.
const wordsMax = 10

// Quoted words match exactly: no prefixes, no typos.
const exactly = (words: string[]) =>
  words
    .slice(0, wordsMax)
    .map((word) => `"${word}"`)
    .join(' ')

export const wholeAttributes = ['words', 'wholes']

export function meiliQuery({ terms }: Query): MeiliQuery {
  const [longest] = terms
    .flatMap((term) => (term.kind === 'word' && isFuzzy(term) ? [cutWord(term.text)] : []))
    .sort((one, other) => other.length - one.length)
  const strict = terms.filter((term) => !isFuzzy(term)).map(codesOf)
  const grams = longest === undefined ? [] : coverFirst(trigramKeys(longest, 0).map(encodeKey))
  const withTypos = longest !== undefined && typosAllowed(longest) > 0 && isPlain(longest)
  return {
    whole: exactly(terms.flatMap(wholesOf).map(coded)),
    starts: exactly(interleave(terms.map(codesOf))),
    part: longest === undefined ? null : exactly(interleave([grams, ...strict])),
    typo: withTypos ? `${exactly(interleave(strict).slice(0, wordsMax - 1))} ${longest}` : null,
  }
}

const isFuzzy = (term: Term) => term.kind === 'word' && term.text.length >= partMin

const coded = (word: string) => (isPlain(word) ? word : encodeText(word))
const wholesOf = (term: Term): string[] => ('words' in term ? term.words : [term.text]).map(cutWord)

/** Codes that every message with a word beginning with the term contains, rarest first. */
function codesOf(term: Term): string[] {
  switch (term.kind) {
    case 'word':
      return startOf(cutWord(term.text))
    case 'joined':
      return [
        ...startOf(cutWord(term.words.at(-1) ?? '')),
        ...term.words.slice(0, -1).map(cutWord).map(coded),
      ]
    case 'sign':
      return [encodeText(cutWord(term.text))]
    case 'run':
      return term.words.flatMap(pairsOf)
  }
}

function startOf(word: string): string[] {
  const start = encodeKey(startKeys(word).at(-1) ?? 0)
  return [start, ...coverFirst(trigramKeys(word, 0).map(encodeKey))]
}

/** The fewest bigrams that cover a run. */
function pairsOf(run: string): string[] {
  const bigrams = bigramsOf(run)
  if (bigrams.length === 0) return [encodeText(run)]
  return bigrams.filter((_pair, index) => index % 2 === 0 || index === bigrams.length - 1).map(encodeText)
}

/** Puts the trigrams that cover a word first, the overlapping ones last. */
const coverFirst = (grams: string[]): string[] => [
  ...grams.filter((_gram, index) => index % 3 === 0),
  ...grams.slice(-1),
  ...grams.filter((_gram, index) => index % 3 !== 0),
]

/** The first of each list, then the second, and so on, so that a long term does not crowd out the others. */
function interleave(lists: string[][]): string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  const turns = Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list.slice(turn, turn + 1)),
  )
  return [...new Set(turns.flat())]
}

export function meiliFilter(filter: SearchFilter): string[] {
  const { scopes, senderIds, kinds, sentAfter, sentBefore, hasLink, mentioning } = filter
  const whole = scopes.filter((scope) => scope.fromSeq <= 1).map((scope) => scope.conversationId)
  const places = scopes
    .filter((scope) => scope.fromSeq > 1)
    .map((scope) => `(conversationId = ${quoted(scope.conversationId)} AND seq >= ${scope.fromSeq})`)
  if (whole.length > 0) places.push(among('conversationId', whole))
  return [
    places.join(' OR '),
    ...(senderIds ? [among('senderId', senderIds)] : []),
    ...(kinds ? [among('kind', kinds)] : []),
    ...(sentAfter ? [`order >= ${orderAt(sentAfter)}`] : []),
    ...(sentBefore ? [`order < ${orderAt(sentBefore)}`] : []),
    ...(hasLink === null ? [] : [`hasLink = ${hasLink}`]),
    ...(mentioning === null ? [] : [among('mentions', [mentioning, everyone])]),
  ]
}

const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`
const among = (attribute: string, values: string[]) => `${attribute} IN [${values.map(quoted).join(', ')}]`
