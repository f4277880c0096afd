import type { Sending } from '@parlance/client'
import { useState } from 'react'
import type { UseConversation } from './conversation.ts'

export interface UseComposer {
  text: string
  /** Keeps the text and tells others that the viewer types. */
  setText(text: string): void
  /** Sends the text and empties the field; null if there is nothing to send. */
  submit(more?: { quoteSeq?: number }): Sending | null
}

/** The text field of a conversation, without its looks. */
export function useComposer({ send, typed }: Pick<UseConversation, 'send' | 'typed'>): UseComposer {
  const [text, setText] = useState('')
  return {
    text,
    setText(next) {
      setText(next)
      if (next) typed()
    },
    submit(more) {
      const trimmed = text.trim()
      if (!trimmed) return null
      setText('')
      return send(trimmed, more)
    },
  }
}
