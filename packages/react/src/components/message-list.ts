import type { Message } from '@parlance/client'
import { createElement, Fragment, type ReactElement, type ReactNode } from 'react'
import type { UseConversation } from '../hooks/conversation.ts'
import { useCurrentConversation } from './conversation.ts'

export interface MessageListProps {
  /** Renders one message. */
  children(message: Message): ReactNode
  /** Renders a message that is not sent yet. */
  pending?(message: UseConversation['pending'][number]): ReactNode
}

/** The messages of the `Conversation` around it, oldest first. It adds no elements of its own. */
export function MessageList({ children, pending }: MessageListProps): ReactElement {
  const conversation = useCurrentConversation()
  return createElement(
    Fragment,
    null,
    conversation.messages.map((one) => createElement(Fragment, { key: one.seq }, children(one))),
    pending && conversation.pending.map((one) => createElement(Fragment, { key: one.key }, pending(one))),
  )
}
