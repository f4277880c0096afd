import { fold, levelKana } from '../../platform/language/folding/fold.ts'
import { cutRun, type Token, tokensOf } from './words.ts'

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
  const folded = fold(text).replace(/\s+/gu, ' ').trim()
  const pieces = tokensOf(folded)
  const terms: Term[] = []
  for (let index = 0; index < pieces.length; ) {
    const chain = joinedWords(folded, pieces, index)
    terms.push(termOf(chain))
    index += chain.length
  }
  return { terms: terms.slice(0, termsMax), phrase: levelKana(folded) }
}

/** The pieces from here on that signs, and no space, hold together. */
function joinedWords(folded: string, pieces: Token[], from: number): Token[] {
  let to = from + 1
  while (to < pieces.length) {
    const [last, next] = [pieces[to - 1] as Token, pieces[to] as Token]
    const between = folded.slice(last.start + last.text.length, next.start)
    if (last.kind !== 'word' || next.kind !== 'word' || !joint.test(between)) break
    to += 1
  }
  return pieces.slice(from, to)
}

function termOf(chain: Token[]): Term {
  const [{ kind, text }] = chain as [Token]
  if (chain.length > 1) return { kind: 'joined', words: chain.map((piece) => piece.text) }
  if (kind !== 'run') return { kind, text }
  return { kind, text: levelKana(text), words: wordsWanted(text).map(levelKana) }
}

const particle = /^[\p{sc=Hiragana}的了吗呢吧啊呀嘛么]$/u

/** The words of a run without its particles. Single characters side by side are one word that nobody has listed. */
function wordsWanted(run: string): string[] {
  const words = cutRun(run)
  if (words.every(isSingle)) return [run]
  const wanted: string[] = []
  let single = false
  for (const word of words) {
    const alone = isSingle(word)
    if (alone && particle.test(word)) single = false
    else if (alone && single) wanted.push(`${wanted.pop()}${word}`)
    else {
      wanted.push(word)
      single = alone
    }
  }
  return wanted
}

const isSingle = (word: string) => Array.from(word).length === 1
