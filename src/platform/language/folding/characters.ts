const extending = /^[\p{M}\p{Emoji_Modifier}\uff9e\uff9f]$/u
const pictograph = /^\p{Extended_Pictographic}$/u
const joiner = 0x200d
const firstExtending = 0x300

// For each character of the basic plane, whether it extends the one before; computed on first use.
const [unknown, no, yes] = [0, 1, 2]
const answers = new Uint8Array(0x10000)

function isExtending(code: number): boolean {
  if (code < firstExtending) return false
  if (code > 0xffff) return extending.test(String.fromCodePoint(code))
  if (answers[code] === unknown) answers[code] = extending.test(String.fromCharCode(code)) ? yes : no
  return answers[code] === yes
}

/**
 * The end of the character that starts at `start`: a code point with its marks, so that composed and decomposed forms are
 * equal. A joiner belongs to the emoji before it.
 */
export function characterEnd(text: string, start: number): number {
  const first = text.codePointAt(start) ?? 0
  let end = start + (first > 0xffff ? 2 : 1)
  for (
    let code = text.codePointAt(end);
    code !== undefined && isExtending(code);
    code = text.codePointAt(end)
  )
    end += code > 0xffff ? 2 : 1
  const joined = text.charCodeAt(end) === joiner && pictograph.test(String.fromCodePoint(first))
  return joined ? end + 1 : end
}

/** The end of the ASCII characters from `start` on, excluding one with marks. */
export function asciiEnd(text: string, start: number): number {
  let end = start
  while (end < text.length && text.charCodeAt(end) < 0x80) end += 1
  return end > start && end < text.length && isExtending(text.codePointAt(end) ?? 0) ? end - 1 : end
}
