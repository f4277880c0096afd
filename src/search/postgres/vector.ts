import { type PostgresEntry, wordsIn } from './entry.ts'
import { quoted } from './quoted.ts'

// A tsvector is limited to one megabyte, with five bytes of overhead per word.
const vectorMax = 1_000_000
const wordBytes = 5

/** The tsvector of an entry: each word begins with the tag of its place; whole words have weight A. */
export function vectorOf(tag: string, { spaced, others, parts }: PostgresEntry): string {
  let room = vectorMax
  const vector: string[] = []
  const add = (joined: string, weight: string) => {
    for (const word of wordsIn(joined)) {
      room -= Buffer.byteLength(word) + tag.length + wordBytes
      if (room > 0) vector.push(`${quoted(tag + word)}:1${weight}`)
    }
  }
  add(spaced, 'A')
  add(others, 'A')
  add(parts, '')
  return vector.join(' ')
}
