import { createContext, createElement, type ReactElement, type ReactNode, useContext, useEffect } from 'react'
import { type UseConversation, useConversation } from '../hooks/conversation.ts'

const Context = createContext<UseConversation | null>(null)

export interface ConversationProps {
  id: string
  /** The content, or a function that renders it. */
  children: ReactNode | ((conversation: UseConversation) => ReactNode)
  /** Marks the newest message as read. Default: true. */
  markRead?: boolean
}

/** One conversation for its children. Another id starts them anew, so that a text is not sent to the wrong one. */
export const Conversation = (props: ConversationProps): ReactElement =>
  createElement(One, { key: props.id, ...props })

function One({ id, children, markRead = true }: ConversationProps): ReactElement {
  const value = useConversation(id)
  const { messages, seen } = value
  const newest = messages.at(-1)?.seq
  useEffect(() => {
    if (markRead && newest) seen(newest)
  }, [markRead, seen, newest])
  const content = typeof children === 'function' ? children(value) : children
  return createElement(Context.Provider, { value }, content)
}

/** The conversation of the nearest `Conversation`. */
export function useCurrentConversation(): UseConversation {
  const value = useContext(Context)
  if (!value) throw new Error('There is no Conversation above this component.')
  return value
}
