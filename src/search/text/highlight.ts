import type { TextRange } from './match.ts'

/** A piece of the text round some of the hits; the ranges are UTF-16 offsets into it. */
export interface Highlight {
  snippet: string
  ranges: TextRange[]
}

const before = 30
const after = 90
const highlightsMax = 3

/** Snippets that show the hits, at most three; hits that are near each other share one. */
export function highlightsOf(text: string, hits: readonly TextRange[]): Highlight[] {
  const highlights: Highlight[] = []
  let next = 0
  while (next < hits.length && highlights.length < highlightsMax) {
    const first = hits[next] as TextRange
    const start = wholeCharacters(text, Math.max(0, first.start - before))
    const end = Math.max(first.start + first.length, wholeCharacters(text, first.start + after))
    const shown = hits.slice(next).filter((hit) => hit.start + hit.length <= end)
    highlights.push({
      snippet: text.slice(start, end),
      ranges: shown.map((hit) => ({ start: hit.start - start, length: hit.length })),
    })
    next += Math.max(1, shown.length)
  }
  return highlights
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** The offset, or that of the character it lies in: a snippet must not cut one in two. */
function wholeCharacters(text: string, offset: number): number {
  if (offset >= text.length) return text.length
  return graphemes.segment(text).containing(offset)?.index ?? offset
}
