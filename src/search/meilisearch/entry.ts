import type { FoundBy } from '../text/found-by.ts'
import { gramKeys, startKeys } from '../text/near.ts'
import { encodeKey, encodeText, isPlain } from './codes.ts'

/** What Meilisearch keeps of a text: words in the attributes of meilisearch/settings.ts. */
export function toMeilisearchEntry({ words, spaced, starts, neighbours }: FoundBy): {
  words: string
  wholes: string
  parts: string
} {
  const coded = [...words].filter((word) => !isPlain(word))
  const parts = new Set([...neighbours].filter((part) => part !== '').map(encodeText))
  for (const word of words)
    if (!spaced.has(word)) for (const character of word) parts.add(encodeText(character))
  for (const word of [...spaced, ...starts])
    for (const key of [...startKeys(word), ...gramKeys(word, 0)]) parts.add(encodeKey(key))
  return {
    words: [...words].filter(isPlain).join(' '),
    wholes: coded.map(encodeText).join(' '),
    parts: [...parts].join(' '),
  }
}
