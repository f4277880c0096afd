import { hasSpaces } from '../text/words.ts'

// Meilisearch tokenises texts and queries differently. Terms that must stay whole are encoded as words of ASCII letters:
// four or more letters per character, eight letters per key.
const letters = 'abcdefghijklmnop'

const lettersOf = (hex: string) => hex.replace(/./g, (digit) => letters[Number.parseInt(digit, 16)] as string)

export const encodeText = (text: string): string =>
  `zq${Array.from(text, (character) => lettersOf((character.codePointAt(0) ?? 0).toString(16).padStart(4, '0'))).join('')}`

export const encodeKey = (key: number): string => `zr${lettersOf((key >>> 0).toString(16).padStart(8, '0'))}`

const plain = /^[\p{L}\p{M}\p{N}']+$/u

/** Whether a word is indexed without encoding. Meilisearch finds typos only in these. */
export const isPlain = (word: string): boolean => plain.test(word) && hasSpaces(word)
