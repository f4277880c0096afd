export type TextPart = { text: string; url?: string }

const address = /https?:\/\/[^\s<>"'，。！？；：）】》]+/g

/** A text with its links apart. Punctuation at the end belongs to the sentence. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const { 0: found, index } of text.matchAll(address)) {
    const url = found.replace(/[.,;:!?)\]]+$/, '')
    if (!URL.canParse(url)) continue
    if (index > end) parts.push({ text: text.slice(end, index) })
    parts.push({ text: url, url })
    end = index + url.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}

/** Whether a text is a few emoji alone, which are shown large. */
export const isEmojiOnly = (text: string): boolean =>
  text.length <= 24 && /^(\p{RGI_Emoji}\s*){1,3}$/v.test(text.trim())
