const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
const ellipsis = '…'
/** Longer graphemes, such as those with very many marks, may be cut. */
const graphemeMax = 64

/**
 * Shortens text to at most `max` code points, with an ellipsis. It is cut between graphemes, so that no emoji, flag or
 * letter with marks is split.
 */
export function shorten(text: string, max: number): string {
  // A code point has one or two units, so units beyond twice the maximum do not matter.
  const points = Array.from(text.slice(0, 2 * max + 2))
  if (points.length <= max && text.length <= 2 * max + 2) return text
  const room = points.slice(0, max - 1).join('').length
  return text.slice(0, characterStart(text, room) || room) + ellipsis
}

/** The offset itself, or the start of the grapheme that contains it. */
export function characterStart(text: string, offset: number): number {
  if (offset <= 0 || offset >= text.length) return Math.min(Math.max(offset, 0), text.length)
  const from = beforeFlags(text, wholePoint(text, Math.max(0, offset - graphemeMax)))
  const around = text.slice(from, offset + graphemeMax)
  const start = graphemes.segment(around).containing(offset - from)?.index ?? 0
  // The grapheme starts before the examined part, or at the start of the text.
  return start === 0 && from > 0 ? wholePoint(text, offset) : from + start
}

const flagLetter = /^\p{Regional_Indicator}$/u

/** Flags are pairs of letters counted from the first one, so the scan must start there. */
function beforeFlags(text: string, offset: number): number {
  let start = offset
  while (start >= 2 && flagLetter.test(text.slice(start - 2, start))) start -= 2
  return start
}

/** The offset itself, or the start of the code point that contains it. */
function wholePoint(text: string, offset: number): number {
  const low = text.charCodeAt(offset)
  const high = text.charCodeAt(offset - 1)
  const inPair = low >= 0xdc00 && low <= 0xdfff && high >= 0xd800 && high <= 0xdbff
  return inPair ? offset - 1 : offset
}
