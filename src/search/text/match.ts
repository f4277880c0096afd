import { type FoldedText, foldWithPlaces, levelKana } from '../../platform/language/folding/fold.ts'
import { isFuzzyMatch, partMin, typosAllowed } from './fuzzy.ts'
import { stemsOf } from './prefixes.ts'
import type { Term } from './terms.ts'
import { humpsOf, type Token, tokensOf } from './words.ts'

/** A part of a text, in UTF-16 units. */
export interface TextRange {
  start: number
  length: number
}

/** A text prepared for several terms. */
interface Subject extends FoldedText {
  original: string
  tokens: Token[]
}

type Hit = [start: number, end: number]

const jointMax = 3
// More than fit into three highlights.
const hitsMax = 400

/** The ranges of all terms in a text, in order; null unless it contains every term. */
export function matchText(terms: readonly Term[], original: string): TextRange[] | null {
  const places = foldWithPlaces(original)
  const folded = levelKana(places.folded)
  const subject = { ...places, folded, original, tokens: tokensOf(folded) }
  const found: Hit[] = []
  for (const term of terms) {
    const hits = findTerm(subject, term)
    if (hits.length === 0) return null
    for (const [start, end] of hits) found.push([places.startOf(start), places.endOf(end - 1)])
  }
  return mergeRanges(found)
}

function findTerm(subject: Subject, term: Term): Hit[] {
  switch (term.kind) {
    case 'sign':
      return occurrences(subject.folded, term.text)
    case 'run':
      return firstFound(
        () => occurrences(subject.folded, term.text),
        () => everyOccurrence(subject.folded, term.words),
      )
    case 'joined':
      return joinedWords(subject.tokens, term.words)
    case 'word':
      return firstFound(
        () => wordStarts(subject.tokens, term.text),
        () => humpStarts(subject, term.text),
        () => (term.text.length < partMin ? [] : occurrences(subject.folded, term.text)),
        () => fuzzyMatches(subject.tokens, term.text),
      )
  }
}

function firstFound(...attempts: (() => Hit[])[]): Hit[] {
  for (const attempt of attempts) {
    const found = attempt()
    if (found.length > 0) return found
  }
  return []
}

function occurrences(folded: string, wanted: string): Hit[] {
  const found: Hit[] = []
  for (
    let at = folded.indexOf(wanted);
    at >= 0 && found.length < hitsMax;
    at = folded.indexOf(wanted, at + wanted.length)
  )
    found.push([at, at + wanted.length])
  return found
}

/** Hits of all words; none when one is missing. */
function everyOccurrence(folded: string, words: string[]): Hit[] {
  const found = words.map((word) => occurrences(folded, word))
  return found.every((hits) => hits.length > 0) ? found.flat() : []
}

/** Beginnings of words, and of words after their prefixes. */
function wordStarts(tokens: Token[], wanted: string): Hit[] {
  const found: Hit[] = []
  for (const { kind, text, start } of tokens) {
    if (found.length >= hitsMax) break
    if (kind === 'run') continue
    const at = text.startsWith(wanted) ? 0 : stemStart(text, wanted)
    if (at >= 0) found.push([start + at, start + at + wanted.length])
  }
  return found
}

function stemStart(word: string, wanted: string): number {
  const stem = word.includes(wanted) && stemsOf(word).find((each) => each.startsWith(wanted))
  return stem ? word.length - stem.length : -1
}

/** Beginnings of camelCase humps. */
function humpStarts({ folded, startOf, original }: Subject, wanted: string): Hit[] {
  const hits = occurrences(folded, wanted)
  if (hits.length === 0) return []
  const starts = new Set(humpsOf(original).map(({ start }) => start))
  return hits.filter(([start]) => starts.has(startOf(start)))
}

/** Chains of adjacent words; the last one may be a prefix. */
function joinedWords(tokens: Token[], words: string[]): Hit[] {
  const found: Hit[] = []
  for (let first = 0; first + words.length <= tokens.length && found.length < hitsMax; first += 1) {
    if (!isChain(tokens, first, words)) continue
    const last = tokens[first + words.length - 1] as Token
    found.push([(tokens[first] as Token).start, last.start + (words.at(-1) as string).length])
  }
  return found
}

function isChain(tokens: Token[], first: number, words: string[]): boolean {
  return words.every((wanted, index) => {
    const token = tokens[first + index] as Token
    if (index < words.length - 1 ? token.text !== wanted : !token.text.startsWith(wanted)) return false
    const before = tokens[first + index - 1]
    return index === 0 || !before || token.start - before.start - before.text.length <= jointMax
  })
}

function fuzzyMatches(tokens: Token[], wanted: string): Hit[] {
  if (typosAllowed(wanted) === 0) return []
  const known = new Map<string, boolean>()
  const near = (word: string) => {
    const answer = known.get(word) ?? isFuzzyMatch(word, wanted)
    known.set(word, answer)
    return answer
  }
  return tokens
    .filter(({ kind, text }) => kind === 'word' && near(text))
    .slice(0, hitsMax)
    .map(({ start, text }) => [start, start + text.length])
}

function mergeRanges(ranges: Hit[]): TextRange[] {
  const merged: Hit[] = []
  for (const [start, end] of ranges.sort(([one], [other]) => one - other)) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged.map(([start, end]) => ({ start, length: end - start }))
}
