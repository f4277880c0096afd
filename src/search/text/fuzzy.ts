/** Typos that a query word matches with; none in short words and numbers. */
export function typosAllowed(word: string): number {
  if (word.length < 5 || /\p{N}/u.test(word)) return 0
  return word.length < 9 ? 1 : 2
}

/** Whether a word matches the wanted one within its allowed typos. The first letter must be equal. */
export function isFuzzyMatch(word: string, wanted: string): boolean {
  const most = typosAllowed(wanted)
  return most > 0 && word[0] === wanted[0] && distance(word, wanted, most) <= most
}

/**
 * Damerau–Levenshtein distance, or `most` + 1 when it is greater. Only a band of width `most` around the diagonal is
 * computed, so the work is linear in the length.
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

/** Minimum length of a word that matches as a part of a longer one. */
export const partMin = 4
const gramLength = 3
const headLength = 7

// Keys are hashes of text. A collision only adds a candidate, which verification rejects.
const hashOf = (text: string, kind: string) => {
  let hash = 0x811c9dc5
  for (const unit of [kind, text])
    for (let place = 0; place < unit.length; place += 1)
      hash = Math.imul(hash ^ unit.charCodeAt(place), 0x01000193)
  return hash | 0
}

/** Keys of all trigrams from the letter at `from` on. A word that contains another one has all of its trigrams. */
export function trigramKeys(word: string, from: number): number[] {
  const keys: number[] = []
  for (let at = from; at + gramLength <= word.length; at += 1)
    keys.push(hashOf(word.slice(at, at + gramLength), 'part'))
  return keys
}

/** Keys of the first letter and the first two letters. */
export const startKeys = (word: string): number[] => [
  hashOf(word.slice(0, 1), 'start'),
  ...(word.length > 1 ? [hashOf(word.slice(0, 2), 'start')] : []),
]

/**
 * Keys of the beginning of a word without each one or two of its letters (symmetric deletion). Two words within `typos`
 * of each other share a key.
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

/** Typos for which an indexed word has keys. */
export function typosIndexed(word: string): number {
  if (word.length < 4 || /\p{N}/u.test(word)) return 0
  return word.length < 7 ? 1 : 2
}
