import { foldWithPlaces, levelKana } from '../../platform/language/folding/fold.ts'

const completionMax = 64
const completionsMax = 50

const words = new Intl.Segmenter('und', { granularity: 'word' })

/** Completions of a prefix in a text, to the end of its word, or of the next word if it ends with one. */
export function completionsIn(text: string, prefix: string): string[] {
  const { folded: cut, startOf } = foldWithPlaces(text)
  const folded = levelKana(cut)
  const first = folded.indexOf(prefix)
  if (first < 0) return []
  const { ends, wordEnds } = boundariesOf(text)
  const completions = new Set<string>()
  for (
    let at = first;
    at >= 0 && completions.size < completionsMax;
    at = folded.indexOf(prefix, at + prefix.length)
  ) {
    const from = startOf(at)
    if (from > 0 && !ends.has(from)) continue
    const reached = at + prefix.length < folded.length ? startOf(at + prefix.length) : text.length
    const end = firstAfter(wordEnds, reached)
    if (end === undefined || end - from > 2 * completionMax) continue
    const completion = text.slice(from, end).replace(/\s+/gu, ' ')
    if (completion !== '' && completion.length <= completionMax) completions.add(completion)
  }
  return [...completions]
}

/** The ends of all segments of a text, and in order the ends of its words. */
function boundariesOf(text: string): { ends: Set<number>; wordEnds: number[] } {
  const ends = new Set<number>()
  const wordEnds: number[] = []
  for (const { index, segment, isWordLike } of words.segment(text)) {
    ends.add(index + segment.length)
    if (isWordLike) wordEnds.push(index + segment.length)
  }
  return { ends, wordEnds }
}

/** The first of the sorted numbers that is greater. */
function firstAfter(sorted: number[], value: number): number | undefined {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) > value) high = middle
    else low = middle + 1
  }
  return sorted[low]
}
