import type { Sql } from '../../platform/db/sql.ts'
import { isFuzzyMatch, partMin, trigramKeys, typoKeys, typosAllowed, typosIndexed } from '../text/fuzzy.ts'
import { cutWord } from '../text/words.ts'
import type { SimilarWords } from './query.ts'

// The table `search_word` has each word of the database once, with the keys by which similar words find it. A word belongs
// to one message that contains it, and is deleted with that message, so no recalled word stays.

/** The words of a message that match with typos and by a part. */
export interface WordsOfMessage {
  id: string
  words: readonly string[]
}

const readUnknown = `
  select word from unnest($1::text[]) as given (word)
  where not exists (select from search_word w where w.word = given.word)`

const insert = `
  insert into search_word (word, message_id, keys)
  select g.word, g.message_id, g.keys::integer[]
  from unnest($1::text[], $2::text[], $3::text[]) as g (word, message_id, keys)
  where exists (select from message_search s where s.message_id = g.message_id)
  order by g.word
  on conflict do nothing`

// An edit may have removed the word from the message to which it belongs.
const removeOutdated = `
  delete from search_word w
  using unnest($1::text[], $2::text[]) as d (message_id, words)
  where w.message_id = d.message_id and not w.word = any(string_to_array(d.words, ' '))`

/** Adds the words of indexed messages, and removes those that a message no longer has. */
export async function recordWords(sql: Sql, messages: readonly WordsOfMessage[]): Promise<void> {
  await sql.query(removeOutdated, [
    messages.map(({ id }) => id),
    messages.map(({ words }) => words.join(' ')),
  ])
  const owners = new Map<string, string>()
  for (const { id, words } of messages)
    for (const word of words) if (word.length >= partMin && !owners.has(word)) owners.set(word, id)
  if (owners.size === 0) return
  const unknown = await sql.query<{ word: string }>(readUnknown, [[...owners.keys()]])
  if (unknown.length === 0) return
  const added = unknown.map(({ word }) => word)
  await sql.query(insert, [added, added.map((word) => owners.get(word)), added.map((word) => keysOf(word))])
}

const keysOf = (word: string) => {
  const keys = new Set([
    ...(word.length > partMin ? trigramKeys(word, 1) : []),
    ...typoKeys(word, typosIndexed(word)),
  ])
  return `{${[...keys].join(',')}}`
}

const candidatesMax = 5_000
// Each place of the viewer looks all of them up.
const similarMax = 200

const readSimilar = `
  select word from search_word
  where keys @> $1::integer[] or keys && $2::integer[]
  limit ${candidatesMax}`

/** The words of the database that contain a word or differ from it by its allowed typos, the nearest first. */
export async function readSimilarWords(sql: Sql, wanted: readonly string[]): Promise<SimilarWords> {
  const similar = new Map<string, string[]>()
  for (const text of wanted) {
    const word = cutWord(text)
    const rows = await sql.query<{ word: string }>(readSimilar, [
      trigramKeys(word, 0),
      typoKeys(word, typosAllowed(word)),
    ])
    const typos = rows.map((row) => row.word).filter((each) => isFuzzyMatch(each, word))
    const longer = rows
      .map((row) => row.word)
      .filter((each) => each.indexOf(word) > 0)
      .sort((one, other) => one.length - other.length)
    similar.set(text, [...new Set([...typos, ...longer])].slice(0, similarMax))
  }
  return similar
}
