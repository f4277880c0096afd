import { startKeys, trigramKeys } from '../text/fuzzy.ts'
import type { IndexTerms } from '../text/index-terms.ts'
import { encodeKey, encodeText, isPlain } from './codes.ts'

/** The entry of a text for Meilisearch: words in the attributes of settings.ts. */
export function toMeilisearchEntry({ words, spaced, starts, neighbours }: IndexTerms): {
  words: string
  wholes: string
  parts: string
} {
  const encoded = [...words].filter((word) => !isPlain(word))
  const parts = new Set([...neighbours].filter((part) => part !== '').map(encodeText))
  for (const word of words)
    if (!spaced.has(word)) for (const character of word) parts.add(encodeText(character))
  for (const word of [...spaced, ...starts])
    for (const key of [...startKeys(word), ...trigramKeys(word, 0)]) parts.add(encodeKey(key))
  return {
    words: [...words].filter(isPlain).join(' '),
    wholes: encoded.map(encodeText).join(' '),
    parts: [...parts].join(' '),
  }
}
