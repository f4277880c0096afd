import { characterStart } from '../../platform/language/shorten.ts'
import type { TextRange } from './match.ts'

/** An excerpt of the text around hits; the ranges are UTF-16 offsets into it. */
export interface Highlight {
  snippet: string
  ranges: TextRange[]
}

const before = 30
const after = 90
export const highlightsMax = 3

/** At most three excerpts with hits; neighbouring hits share one. */
export function highlightsOf(text: string, hits: readonly TextRange[]): Highlight[] {
  const highlights: Highlight[] = []
  let next = 0
  while (next < hits.length && highlights.length < highlightsMax) {
    const first = hits[next] as TextRange
    const start = characterStart(text, Math.max(0, first.start - before))
    const end = Math.max(first.start + first.length, characterStart(text, first.start + after))
    const behind = hits.findIndex((hit, index) => index > next && hit.start + hit.length > end)
    const shown = hits.slice(next, behind < 0 ? hits.length : behind)
    highlights.push({
      snippet: text.slice(start, end),
      ranges: shown.map((hit) => ({ start: hit.start - start, length: hit.length })),
    })
    next += shown.length
  }
  return highlights
}
