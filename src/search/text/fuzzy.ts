/** Short words and numbers mean what they say. */
export function typosAllowed(word: string): number {
  if (word.length < 5 || /\p{N}/u.test(word)) return 0
  return word.length < 9 ? 1 : 2
}

/** Whether a word is another one with as many typos as that may have; the first letter is never one of them. */
export function isFuzzyMatch(word: string, wanted: string): boolean {
  const most = typosAllowed(wanted)
  return most > 0 && word[0] === wanted[0] && distance(word, wanted, most) <= most
}

/**
 * How many letters are wrong, missing, too many or swapped; more than `most` is only said to be more. Places that are
 * further from each other than `most` are not compared, so the work grows with the length and not with its square.
 */
function distance(one: string, other: string, most: number): number {
  const tooFar = most + 1
  if (Math.abs(one.length - other.length) > most) return tooFar
  let beforeLast: number[] = []
  let last = Array.from({ length: Math.min(other.length, most) + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row += 1) {
    const current: number[] = row <= most ? [row] : []
    for (let column = Math.max(1, row - most); column <= Math.min(other.length, row + most); column += 1) {
      const same = one[row - 1] === other[column - 1]
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        (last[column] ?? tooFar) + 1,
        (current[column - 1] ?? tooFar) + 1,
        (last[column - 1] ?? tooFar) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? tooFar) + 1 : tooFar,
      )
    }
    beforeLast = last
    last = current
  }
  return last[other.length] ?? tooFar
}

/** Words that are parts of a longer one have so many letters at least. */
export const partMin = 4
const gramLength = 3
const headLength = 7

// An index holds numbers instead of texts: two texts of one number cost a look at a message, and nothing else.
const hashOf = (text: string, kind: string) => {
  let hash = 0x811c9dc5
  for (const unit of [kind, text])
    for (let place = 0; place < unit.length; place += 1)
      hash = Math.imul(hash ^ unit.charCodeAt(place), 0x01000193)
  return hash | 0
}

/** Every three neighbouring letters from the letter at `from` on: who holds a part of a word holds all of its. */
export function trigramKeys(word: string, from: number): number[] {
  const keys: number[] = []
  for (let at = from; at + gramLength <= word.length; at += 1)
    keys.push(hashOf(word.slice(at, at + gramLength), 'part'))
  return keys
}

/** The first letter, and the first two. */
export const startKeys = (word: string): number[] => [
  hashOf(word.slice(0, 1), 'start'),
  ...(word.length > 1 ? [hashOf(word.slice(0, 2), 'start')] : []),
]

/**
 * The beginning of a word without each one or two of its letters. Two words that are no further than so many typos from
 * each other have a key in common, whichever letters are wrong, missing, too many or swapped.
 */
export function typoKeys(word: string, typos: number): number[] {
  if (typos === 0) return []
  const head = word.slice(0, headLength)
  const keys = new Set([hashOf(head, 'typo')])
  for (let one = 1; one < head.length; one += 1) {
    const without = head.slice(0, one) + head.slice(one + 1)
    keys.add(hashOf(without, 'typo'))
    if (typos > 1)
      for (let other = one; other < without.length; other += 1)
        keys.add(hashOf(without.slice(0, other) + without.slice(other + 1), 'typo'))
  }
  return [...keys]
}

/** How many typos a word of an index may be away from a query for it. */
export function typosIndexed(word: string): number {
  if (word.length < 4 || /\p{N}/u.test(word)) return 0
  return word.length < 7 ? 1 : 2
}
