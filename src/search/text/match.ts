import { type FoldedText, foldWithPlaces, levelKana } from './fold.ts'
import type { Term } from './terms.ts'
import { type Piece, piecesOf } from './words.ts'

/** A stretch of text, in UTF-16 units. */
export interface TextRange {
  start: number
  length: number
}

/** Text made ready to be looked at. */
interface Subject extends FoldedText {
  original: string
  pieces: Piece[]
}

const partMin = 4
const jointMax = 3

/** Where the text holds the terms; null unless it holds every one. */
export function matchText(terms: readonly Term[], original: string): TextRange[] | null {
  const places = foldWithPlaces(original)
  const folded = levelKana(places.folded)
  const subject = { ...places, folded, original, pieces: piecesOf(folded) }
  const found: [number, number][] = []
  for (const term of terms) {
    const hits = findTerm(subject, term)
    if (hits.length === 0) return null
    found.push(...hits)
  }
  return mergeRanges(found.map(([start, end]) => [places.starts[start] ?? 0, places.ends[end - 1] ?? 0]))
}

function findTerm(subject: Subject, term: Term): [number, number][] {
  switch (term.kind) {
    case 'sign':
      return occurrences(subject.folded, term.text)
    case 'run':
      return firstFound(
        () => occurrences(subject.folded, term.text),
        () => everyOccurrence(subject.folded, term.words),
      )
    case 'joined':
      return joinedWords(subject.pieces, term.words)
    case 'word':
      return firstFound(
        () => wordStarts(subject.pieces, term.text),
        () => humps(subject, term.text),
        () => (term.text.length < partMin ? [] : occurrences(subject.folded, term.text)),
        () => nearWords(subject.pieces, term.text),
      )
  }
}

function firstFound(...attempts: (() => [number, number][])[]): [number, number][] {
  for (const attempt of attempts) {
    const found = attempt()
    if (found.length > 0) return found
  }
  return []
}

function occurrences(folded: string, wanted: string): [number, number][] {
  const found: [number, number][] = []
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + wanted.length))
    found.push([at, at + wanted.length])
  return found
}

/** Of all of the words, or nothing when one is missing. */
function everyOccurrence(folded: string, words: string[]): [number, number][] {
  const found = words.map((word) => occurrences(folded, word))
  return found.every((hits) => hits.length > 0) ? found.flat() : []
}

function wordStarts(pieces: Piece[], wanted: string): [number, number][] {
  return pieces
    .filter((piece) => piece.kind !== 'run' && piece.text.startsWith(wanted))
    .map((piece) => [piece.start, piece.start + wanted.length])
}

/** Within camelCase, a word begins with its hump. */
function humps({ folded, starts, original }: Subject, wanted: string): [number, number][] {
  return occurrences(folded, wanted).filter(([start]) =>
    /^\p{Lu}/u.test(original.slice(starts[start], (starts[start] ?? 0) + 2)),
  )
}

function joinedWords(pieces: Piece[], words: string[]): [number, number][] {
  const found: [number, number][] = []
  for (let first = 0; first + words.length <= pieces.length; first += 1) {
    const chain = pieces.slice(first, first + words.length)
    const fits = chain.every(({ text }, index) => {
      const wanted = words[index] as string
      return index === words.length - 1 ? text.startsWith(wanted) : text === wanted
    })
    const close = chain.every((piece, index) => {
      const before = chain[index - 1]
      return !before || piece.start - before.start - before.text.length <= jointMax
    })
    const [start, last] = [chain[0] as Piece, chain.at(-1) as Piece]
    if (fits && close) found.push([start.start, last.start + (words.at(-1) as string).length])
  }
  return found
}

function nearWords(pieces: Piece[], wanted: string): [number, number][] {
  const most = typosAllowed(wanted)
  if (most === 0) return []
  return pieces
    .filter(
      ({ kind, text }) => kind === 'word' && text[0] === wanted[0] && distance(text, wanted, most) <= most,
    )
    .map(({ start, text }) => [start, start + text.length])
}

/** Short words and numbers mean what they say. */
export function typosAllowed(word: string): number {
  if (word.length < 5 || /\p{N}/u.test(word)) return 0
  return word.length < 9 ? 1 : 2
}

/** How many letters are wrong, missing, too many or swapped; more than `most` is only said to be more. */
function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1]
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = current
  }
  return last[other.length] as number
}

function mergeRanges(ranges: [number, number][]): TextRange[] {
  const merged: [number, number][] = []
  for (const [start, end] of ranges.sort(([one], [other]) => one - other)) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged.map(([start, end]) => ({ start, length: end - start }))
}
