import { levelKana } from './fold.ts'

/** A stretch of folded text that can be looked for. */
export interface Piece {
  /** word: letters and digits. run: a script that is written without spaces. sign: emoji, and names like c++. */
  kind: 'word' | 'run' | 'sign'
  text: string
  start: number
}

const spaceless =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30fc\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]'
const letter = `(?:(?!${spaceless})[\\p{L}\\p{M}\\p{N}])`
const emoji =
  '\\p{Regional_Indicator}{2}|\\p{Extended_Pictographic}\\p{Emoji_Modifier}?(?:\\u200d\\p{Extended_Pictographic}\\p{Emoji_Modifier}?)*'
const patterns = new RegExp(
  `(?<run>${spaceless}+)|(?<sign>${emoji}|${letter}+(?:\\+\\+|#)(?!${letter}))|(?<word>${letter}+(?:'${letter}+)*)`,
  'gu',
)
const segmenter = new Intl.Segmenter('und', { granularity: 'word' })
const camelHump = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u
const camelWord = /[\p{sc=Latin}\p{N}]*\p{Ll}\p{Lu}[\p{sc=Latin}\p{N}]*/gu

// What is longer is data rather than a word, and an index entry has a limit.
const wordMax = 64

export function piecesOf(folded: string): Piece[] {
  return Array.from(folded.matchAll(patterns), ({ groups, index, 0: text }) => {
    const kind = groups?.run ? 'run' : groups?.sign ? 'sign' : 'word'
    return { kind, text, start: index }
  })
}

const spacelessCharacter = new RegExp(spaceless, 'u')

/** Whether the script of a word puts spaces between words. */
export const hasSpaces = (word: string): boolean => !spacelessCharacter.test(word)

/** The words of a run, as its language cuts them. */
export function cutRun(run: string): string[] {
  return Array.from(segmenter.segment(run), ({ segment }) => segment)
}

/** The humps of camelCase, of text that is not folded yet. */
export function camelHumps(original: string): string[] {
  return (original.match(camelWord) ?? []).flatMap((word) => word.split(camelHump))
}

/** Neighbouring characters: what finds any part of a run, wherever its words are cut. */
export function bigramsOf(run: string): string[] {
  const points = Array.from(run)
  return points.slice(1).map((point, index) => `${points[index]}${point}`)
}

/** Every word that folded text can be found by, each once. */
export function wordsIn(folded: string): { words: Set<string>; runs: string[] } {
  const words = new Set<string>()
  const runs: string[] = []
  for (const { kind, text } of piecesOf(folded)) {
    if (kind === 'run') runs.push(levelKana(text))
    for (const word of kind === 'run' ? cutRun(text) : [text]) words.add(levelKana(word).slice(0, wordMax))
  }
  return { words, runs }
}
