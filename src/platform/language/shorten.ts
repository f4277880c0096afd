const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
const ellipsis = '…'
/** A character of more units, of marks without end for example, is cut all the same. */
const graphemeMax = 64

/**
 * The text with at most `max` code points. What is cut ends after a whole character, as people see characters: no emoji,
 * flag, family or letter with its marks is cut in two.
 */
export function shorten(text: string, max: number): string {
  // A code point has one unit or two, so what lies behind twice as many is not looked at.
  const points = Array.from(text.slice(0, 2 * max + 2))
  if (points.length <= max && text.length <= 2 * max + 2) return text
  const room = points.slice(0, max - 1).join('').length
  return text.slice(0, characterStart(text, room) || room) + ellipsis
}

/** The offset, or that of the character that it lies in. */
export function characterStart(text: string, offset: number): number {
  if (offset <= 0 || offset >= text.length) return Math.min(Math.max(offset, 0), text.length)
  const from = beforeFlags(text, wholePoint(text, Math.max(0, offset - graphemeMax)))
  const around = text.slice(from, offset + graphemeMax)
  const start = graphemes.segment(around).containing(offset - from)?.index ?? 0
  // It begins before what was looked at, or the text does.
  return start === 0 && from > 0 ? wholePoint(text, offset) : from + start
}

const flagLetter = /^\p{Regional_Indicator}$/u

/** Flags are told apart by counting their letters, two by two, from the first one on. */
function beforeFlags(text: string, offset: number): number {
  let start = offset
  while (start >= 2 && flagLetter.test(text.slice(start - 2, start))) start -= 2
  return start
}

/** The offset, or that of the code point that it lies in. */
function wholePoint(text: string, offset: number): number {
  const low = text.charCodeAt(offset)
  const high = text.charCodeAt(offset - 1)
  const inPair = low >= 0xdc00 && low <= 0xdfff && high >= 0xd800 && high <= 0xdbff
  return inPair ? offset - 1 : offset
}
