import { hasSpaces } from '../text/words.ts'

// The engine cuts texts into words in its own way, which differs between a text and a query. What must stay as it is
// comes as a word of ASCII letters: characters, four letters or more for each, and keys, eight letters each.
const letters = 'abcdefghijklmnop'

const lettersOf = (hex: string) => hex.replace(/./g, (digit) => letters[Number.parseInt(digit, 16)] as string)

export const encodeText = (text: string): string =>
  `zq${Array.from(text, (character) => lettersOf((character.codePointAt(0) ?? 0).toString(16).padStart(4, '0'))).join('')}`

export const encodeKey = (key: number): string => `zr${lettersOf((key >>> 0).toString(16).padStart(8, '0'))}`

const plain = /^[\p{L}\p{M}\p{N}']+$/u

/** Whether the engine may have a word as it is; only there it finds typos. */
export const isPlain = (word: string): boolean => plain.test(word) && hasSpaces(word)
