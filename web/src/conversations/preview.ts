import type { Conversation, Message } from '@parlance/client'
import { words } from '../words/language.ts'

/** One line of a message. The server's text names the kind of other content. */
export function textOf({
  content,
  plainText,
  recalledAt,
}: Pick<Message, 'content' | 'plainText' | 'recalledAt'>): string {
  if (recalledAt) return words.value.recalled
  switch (content.__typename) {
    case 'ImageContent':
      return `[${words.value.image}] ${content.caption ?? ''}`
    case 'VideoContent':
      return `[${words.value.video}] ${content.caption ?? ''}`
    case 'AudioContent':
      return `[${words.value.audio}] ${content.caption ?? ''}`
    case 'FileContent':
      return `[${words.value.file}] ${content.caption ?? content.media?.filename ?? ''}`
    default:
      return plainText
  }
}

/** The last line of a row of the list. */
export function previewOf({ kind, lastMessage }: Conversation, viewerId: string | undefined): string {
  if (!lastMessage) return ''
  const { sender, senderName } = lastMessage
  if (!sender) return textOf(lastMessage)
  const isOwn = sender.id === viewerId
  if (kind === 'DIRECT' && !isOwn) return textOf(lastMessage)
  return words.value.said(isOwn ? words.value.you : (senderName ?? ''), textOf(lastMessage))
}
