import { type PostgresEntry, wordsIn } from './entry.ts'
import { partMark } from './query.ts'
import { quoted } from './quoted.ts'

// A tsvector is limited to one megabyte, with at most five bytes of overhead per word.
const vectorMax = 1_000_000
const wordBytes = 5

/** The tsvector of an entry: each word begins with the tag of its place; parts have a mark after it. */
export function vectorOf(tag: string, { spaced, others, parts }: PostgresEntry): string {
  let room = vectorMax
  const vector: string[] = []
  const add = (joined: string, prefix: string) => {
    for (const word of wordsIn(joined)) {
      room -= Buffer.byteLength(word) + prefix.length + wordBytes
      if (room > 0) vector.push(quoted(prefix + word))
    }
  }
  add(spaced, tag)
  add(others, tag)
  add(parts, tag + partMark)
  return vector.join(' ')
}
