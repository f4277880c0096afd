import type { SearchDocument } from '../document.ts'
import type { SearchFilter } from '../engine.ts'
import type { Query } from '../text/terms.ts'
import { bigramsOf, hasSpaces } from '../text/words.ts'

/** A message in Meilisearch's words. */
export interface MeiliDocument {
  id: string
  conversationId: string
  seq: number
  senderId: string
  kind: string
  /** By the time it was sent, and hardly ever the same for two. */
  order: number
  words: string
  wholes: string
  parts: string
}

const plain = /^[\p{L}\p{M}\p{N}']+$/u

/** Letters that stand for characters which the engine would cut in its own way. */
export function encode(text: string): string {
  const letters = Array.from(text, (character) =>
    (character.codePointAt(0) ?? 0)
      .toString(16)
      .padStart(4, '0')
      .replace(/./g, (digit) => 'abcdefghijklmnop'[Number.parseInt(digit, 16)] as string),
  )
  return `zq${letters.join('')}`
}

const isPlain = (word: string) => plain.test(word) && hasSpaces(word)

// The product is below 2^53 for the next two centuries.
const ordersPerMs = 1_000
const orderAt = (time: Date) => time.getTime() * ordersPerMs

export function toMeiliDocument(document: SearchDocument): MeiliDocument {
  const { id, conversationId, seq, senderId, kind, words, parts } = document
  const coded = [...words, ...parts].filter((word) => !isPlain(word))
  const single = new Set(coded.filter((word) => !hasSpaces(word)).flatMap((word) => Array.from(word)))
  return {
    id,
    conversationId,
    seq,
    senderId,
    kind,
    order: orderAt(document.sentAt) + (seq % ordersPerMs),
    words: [...words, ...parts].filter(isPlain).join(' '),
    wholes: words
      .filter((word) => !isPlain(word))
      .map(encode)
      .join(' '),
    parts: [...new Set([...parts.filter((part) => !isPlain(part)), ...single])].map(encode).join(' '),
  }
}

// More are ignored by the engine; whether a message holds them all is seen in the message.
const wordsMax = 10
const plainMax = 6

const plainWords = ({ terms }: Query): string[] =>
  terms.flatMap((term) => (term.kind === 'word' ? [term.text] : term.kind === 'joined' ? term.words : []))

/** Whatever may hold the terms. Words come last, since the last one may go on. */
export function looseMeiliQuery(query: Query): string {
  const codes = query.terms.flatMap((term) =>
    term.kind === 'sign' ? [term.text] : term.kind === 'run' ? term.words.flatMap(pairsOf) : [],
  )
  const words = plainWords(query).slice(-plainMax)
  return [...codes.slice(0, wordsMax - words.length).map(encode), ...words].join(' ')
}

/** Only where each is a whole word: what stands in quotes neither goes on nor has typos. */
export function wholeMeiliQuery(query: Query): string {
  const codes = query.terms.flatMap((term) =>
    term.kind === 'sign' ? [term.text] : term.kind === 'run' ? term.words : [],
  )
  return [...plainWords(query), ...codes.map(encode)]
    .slice(0, wordsMax)
    .map((word) => `"${word}"`)
    .join(' ')
}

export const wholeAttributes = ['words', 'wholes']

/** Enough bigrams to cover a word. */
function pairsOf(word: string): string[] {
  const bigrams = bigramsOf(word)
  if (bigrams.length === 0) return [word]
  return bigrams.filter((_pair, index) => index % 2 === 0 || index === bigrams.length - 1)
}

export function meiliFilter(filter: SearchFilter): string[] {
  const { scopes, senderIds, kinds, sentAfter, sentBefore } = filter
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
  ]
}

const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`
const among = (attribute: string, values: string[]) => `${attribute} IN [${values.map(quoted).join(', ')}]`
