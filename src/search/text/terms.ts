import { fold, levelKana } from '../../platform/language/folding/fold.ts'
import { cutRun, type Token, tokensOf } from './words.ts'

/** A part of a query that a message must contain. */
export type Term =
  /** A word, matched whole, as a beginning, as a part of a longer one, or with typos. */
  | { kind: 'word'; text: string }
  /** These characters exactly, anywhere. */
  | { kind: 'sign'; text: string }
  /** Text of a script without spaces, matched as a whole or by its words. */
  | { kind: 'run'; text: string; words: string[] }
  /** Words joined by punctuation, such as example.com, matched in this order. */
  | { kind: 'joined'; words: string[] }

export interface Query {
  /** All of them must match. */
  terms: Term[]
  /** The whole query, folded. */
  phrase: string
}

const termsMax = 32
const joint = /^[^\s\p{L}\p{M}\p{N}]+$/u

export function readQuery(text: string): Query {
  const folded = fold(text).replace(/\s+/gu, ' ').trim()
  const tokens = tokensOf(folded)
  const terms: Term[] = []
  for (let index = 0; index < tokens.length; ) {
    const chain = joinedWords(folded, tokens, index)
    terms.push(termOf(chain))
    index += chain.length
  }
  return { terms: terms.slice(0, termsMax), phrase: levelKana(folded) }
}

/** The tokens from `from` on that are joined by punctuation without spaces. */
function joinedWords(folded: string, tokens: Token[], from: number): Token[] {
  let to = from + 1
  while (to < tokens.length) {
    const [last, next] = [tokens[to - 1] as Token, tokens[to] as Token]
    const between = folded.slice(last.start + last.text.length, next.start)
    if (last.kind !== 'word' || next.kind !== 'word' || !joint.test(between)) break
    to += 1
  }
  return tokens.slice(from, to)
}

function termOf(chain: Token[]): Term {
  const [{ kind, text }] = chain as [Token]
  if (chain.length > 1) return { kind: 'joined', words: chain.map((token) => token.text) }
  if (kind !== 'run') return { kind, text }
  return { kind, text: levelKana(text), words: wordsWanted(text).map(levelKana) }
}

const particle = /^[\p{sc=Hiragana}的了吗呢吧啊呀嘛么]$/u

/** The words of a run without particles. Adjacent single characters count as one word that the dictionary lacks. */
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
