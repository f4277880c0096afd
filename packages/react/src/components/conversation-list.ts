import type { Conversation } from '@parlance/client'
import { createElement, Fragment, type ReactElement, type ReactNode } from 'react'
import { useConversations } from '../hooks/conversations.ts'

export interface ConversationListProps {
  /** Renders one conversation. */
  children(conversation: Conversation): ReactNode
  /** Shown while there are none. */
  empty?: ReactNode
}

/** The viewer's conversations, pinned ones first. It adds no elements of its own. */
export function ConversationList({ children, empty }: ConversationListProps): ReactElement {
  const { conversations } = useConversations()
  const items = conversations.map((one) => createElement(Fragment, { key: one.id }, children(one)))
  return createElement(Fragment, null, items.length > 0 ? items : empty)
}
