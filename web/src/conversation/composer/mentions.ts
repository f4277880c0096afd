import type { ConversationView, Person } from '@parlance/client'

/** Text to send, or to put in the place of another. */
export type WrittenContent = Parameters<ConversationView['edit']>[1]
type Part = NonNullable<Exclude<WrittenContent, string>['richText']>['parts'][number]

/** A user whom the composer mentions, and the text of it. */
export interface Mention {
  /** null for all members. */
  userId: string | null
  text: string
}

/** The name that is being typed after an @ before the caret; null without one. */
export function mentionAt(text: string, caret: number): string | null {
  const found = text.slice(0, caret).match(/(?:^|\s)@([^\s@]{0,32})$/)
  return found ? (found[1] ?? '').toLowerCase() : null
}

export const matches = (
  { handle, displayName }: Pick<Person, 'handle' | 'displayName'>,
  wanted: string,
): boolean => handle.includes(wanted) || displayName.toLowerCase().includes(wanted)

/** The text to send: with parts for the mentions that are still in it. */
export function contentOf(text: string, mentions: readonly Mention[]): WrittenContent {
  const present = mentions.filter((mention) => text.includes(mention.text))
  if (present.length === 0) return text
  const parts: Part[] = []
  let rest = text
  while (rest) {
    const [next] = present
      .map((mention) => ({ mention, at: rest.indexOf(mention.text) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at || b.mention.text.length - a.mention.text.length)
    const plain = next ? rest.slice(0, next.at) : rest
    if (plain) parts.push({ text: plain })
    if (!next) break
    const { userId, text: shown } = next.mention
    parts.push(
      userId === null ? { mentionAll: { displayText: shown } } : { mention: { userId, displayText: shown } },
    )
    rest = rest.slice(next.at + shown.length)
  }
  return { richText: { parts } }
}
