import { partMin, trigramKeys, typoKeys, typosIndexed } from '../text/fuzzy.ts'
import type { IndexTerms } from '../text/index-terms.ts'
import { quoted } from './quoted.ts'

// A tsvector is limited to one megabyte, with five bytes of overhead per word.
const vectorMax = 1_000_000
const wordBytes = 5
const keysMax = 100_000

/** The entry of a text for PostgreSQL: a tsvector with a weight for whole words, and an array of fuzzy keys. */
export function toPostgresEntry({ words, spaced, starts, neighbours }: IndexTerms): {
  words: string
  keys: string
} {
  let room = vectorMax
  const vector: string[] = []
  const add = (word: string, weight: string) => {
    room -= Buffer.byteLength(word) + wordBytes
    if (room > 0 && word !== '') vector.push(`${quoted(word)}:1${weight}`)
  }
  for (const word of words) add(word, 'A')
  for (const part of [...starts, ...neighbours]) if (!words.has(part)) add(part, '')
  const keys = new Set<number>()
  for (const word of spaced) {
    if (keys.size > keysMax) break
    for (const key of [
      ...(word.length > partMin ? trigramKeys(word, 1) : []),
      ...typoKeys(word, typosIndexed(word)),
    ])
      keys.add(key)
  }
  return { words: vector.join(' '), keys: `{${[...keys].join(',')}}` }
}
