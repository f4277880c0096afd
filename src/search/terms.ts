import { fold } from './fold.ts'
import { cutRun, type Piece, piecesOf } from './words.ts'

/** What a message must hold. */
export type Term =
  /** A word: whole, its beginning, a part of a longer one, or nearly. */
  | { kind: 'word'; text: string }
  /** Exactly these characters, anywhere. */
  | { kind: 'sign'; text: string }
  /** Characters of a script without spaces: all of them together, or at least the words they make. */
  | { kind: 'run'; text: string; words: string[] }
  /** Words that a sign joins, such as example.com: one after the other. */
  | { kind: 'joined'; words: string[] }

export interface Query {
  /** All of them are wanted. */
  terms: Term[]
  /** The whole query, folded: a message that holds it as it stands is the better hit. */
  phrase: string
}

const termsMax = 32
const joint = /^[^\s\p{L}\p{M}\p{N}]+$/u

export function readQuery(text: string): Query {
  const phrase = fold(text).replace(/\s+/gu, ' ').trim()
  const pieces = piecesOf(phrase)
  const terms: Term[] = []
  for (let index = 0; index < pieces.length; ) {
    const chain = joinedWords(phrase, pieces, index)
    terms.push(termOf(chain))
    index += chain.length
  }
  return { terms: terms.slice(0, termsMax), phrase }
}

/** The pieces from here on that signs, and no space, hold together. */
function joinedWords(phrase: string, pieces: Piece[], from: number): Piece[] {
  let to = from + 1
  while (to < pieces.length) {
    const [last, next] = [pieces[to - 1] as Piece, pieces[to] as Piece]
    const between = phrase.slice(last.start + last.text.length, next.start)
    if (last.kind !== 'word' || next.kind !== 'word' || !joint.test(between)) break
    to += 1
  }
  return pieces.slice(from, to)
}

function termOf(chain: Piece[]): Term {
  const [{ kind, text }] = chain as [Piece]
  if (chain.length > 1) return { kind: 'joined', words: chain.map((piece) => piece.text) }
  return kind === 'run' ? { kind, text, words: wordsWanted(text) } : { kind, text }
}

// Single characters between longer words are particles more often than not.
function wordsWanted(run: string): string[] {
  const words = cutRun(run)
  const longer = words.filter((word) => Array.from(word).length > 1)
  return longer.length > 0 ? longer : words
}
