import type { Conversation, ConversationView, Message, Parlance, Person, Position } from '@parlance/client'
import { useMemo } from 'react'
import { useParlance } from '../context.ts'
import { useSignal } from './signal.ts'

type Shown = ReturnType<ConversationView['messages']['get']>
type Paging = Omit<ConversationView['messages'], 'get' | 'subscribe'>
type Actions = Omit<ConversationView, 'state' | 'messages' | 'typing' | 'receipts'>

export interface UseConversation extends Actions, Paging, Omit<Shown, 'items'> {
  /** null while it is not loaded, and after the viewer left. */
  conversation: Conversation | null
  /** Oldest first; unsent ones are in `pending`. */
  messages: readonly Message[]
  /** Users who type. */
  typing: readonly Person[]
  /** Read positions of the others, by user. */
  receipts: Readonly<Record<string, Position>>
}

/** One conversation. While the component is mounted, its newest messages are loaded and kept current. */
export function useConversation(id: string): UseConversation {
  const client: Parlance = useParlance()
  const view = useMemo(() => client.conversation(id), [client, id])
  const { state, messages, typing, receipts, ...actions } = view
  const { items, ...shown } = useSignal(messages)
  const { get: _, subscribe: __, ...paging } = messages
  return {
    ...actions,
    ...paging,
    ...shown,
    messages: items,
    conversation: useSignal(state),
    typing: useSignal(typing),
    receipts: useSignal(receipts),
  }
}
