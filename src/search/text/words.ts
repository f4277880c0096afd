/** A searchable token of folded text. */
export interface Token {
  /** word: letters and digits. run: a script that is written without spaces. sign: emoji, and names like c++. */
  kind: 'word' | 'run' | 'sign'
  text: string
  start: number
}

// Korean has spaces, but its words have endings, so it is also searched by characters.
const spacelessScripts =
  'Han Hiragana Katakana Bopomofo Hangul Yi Thai Lao Khmer Myanmar Tai_Le New_Tai_Lue Tai_Tham Tai_Viet Javanese Balinese'
const spaceless = `[\\u30fc${spacelessScripts
  .split(' ')
  .map((script) => `\\p{sc=${script}}`)
  .join('')}]`
const letter = `[[\\p{L}\\p{M}\\p{N}]--${spaceless}]`
const emoji =
  '\\p{Regional_Indicator}{2}|\\p{Extended_Pictographic}\\p{Emoji_Modifier}?(?:\\u200d\\p{Extended_Pictographic}\\p{Emoji_Modifier}?)*'
const patterns = new RegExp(
  `(?<run>${spaceless}+)|(?<sign>${emoji}|${letter}+(?:\\+\\+|#)(?!${letter}))|(?<word>${letter}+(?:'${letter}+)*)`,
  'gv',
)
const segmenter = new Intl.Segmenter('und', { granularity: 'word' })

// Longer tokens are data rather than words, and index entries are limited.
const wordMax = 64

export function tokensOf(folded: string): Token[] {
  return Array.from(folded.matchAll(patterns), ({ groups, index, 0: text }) => {
    const kind = groups?.run ? 'run' : groups?.sign ? 'sign' : 'word'
    return { kind, text, start: index }
  })
}

const spacelessCharacter = new RegExp(spaceless, 'v')

/** Whether the script of a word puts spaces between words. */
export const hasSpaces = (word: string): boolean => !spacelessCharacter.test(word)

/** The part of a word that an index stores. */
export function cutWord(word: string): string {
  if (word.length <= wordMax) return word
  const inPair = /[\ud800-\udbff]/.test(word[wordMax - 1] ?? '')
  return word.slice(0, inPair ? wordMax - 1 : wordMax)
}

/** The words of a run, by dictionary. */
export function cutRun(run: string): string[] {
  return Array.from(segmenter.segment(run), ({ segment }) => segment)
}

/** Pairs of adjacent characters, which find any part of a run wherever its words begin. */
export function bigramsOf(run: string): string[] {
  const points = Array.from(run)
  return points.slice(1).map((point, index) => `${points[index]}${point}`)
}

const latinWord = /[\p{sc=Latin}\p{N}]+/gu
const camelCase = /\p{Ll}\p{Lu}/u
const humpStart = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u

/** A part of a camelCase word, in text that is not folded. */
export interface Hump {
  text: string
  start: number
}

export function humpsOf(original: string): Hump[] {
  if (!camelCase.test(original)) return []
  const humps: Hump[] = []
  for (const { 0: word, index } of original.matchAll(latinWord)) {
    if (!camelCase.test(word)) continue
    let start = index
    for (const text of word.split(humpStart)) {
      humps.push({ text, start })
      start += text.length
    }
  }
  return humps
}
