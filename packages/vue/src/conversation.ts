import type { Conversation, ConversationView, Message, Pending, Person, Position } from '@parlance/client'
import { type ComputedRef, computed, type MaybeRefOrGetter, type ShallowRef, toValue } from 'vue'
import { useParlance } from './provide.ts'
import { useSignal } from './signal-ref.ts'

type Actions = Pick<ConversationView, 'send' | 'edit' | 'recall' | 'react' | 'typed' | 'seen'>
type Paging = Pick<ConversationView['messages'], 'older' | 'newer' | 'around' | 'latest'>

export interface UseConversation extends Actions, Paging {
  /** null while it is not loaded, and after the viewer left. */
  conversation: Readonly<ShallowRef<Conversation | null>>
  /** Without a gap, oldest first. */
  messages: ComputedRef<readonly Message[]>
  /** The viewer's messages that are not sent yet. */
  pending: ComputedRef<readonly Pending[]>
  hasOlder: ComputedRef<boolean>
  hasNewer: ComputedRef<boolean>
  /** Who is typing. */
  typing: Readonly<ShallowRef<readonly Person[]>>
  /** Read positions of the others, by user. */
  receipts: Readonly<ShallowRef<Readonly<Record<string, Position>>>>
}

/** One conversation with its messages and actions. */
export function useConversation(id: MaybeRefOrGetter<string>): UseConversation {
  const parlance = useParlance()
  // An id that is computed anew and is the same keeps the view.
  const current = computed(() => toValue(id))
  const view = computed(() => parlance.conversation(current.value))
  const history = useSignal(() => view.value.messages)
  return {
    conversation: useSignal(() => view.value.state),
    messages: computed(() => history.value.items),
    pending: computed(() => history.value.pending),
    hasOlder: computed(() => history.value.hasOlder),
    hasNewer: computed(() => history.value.hasNewer),
    typing: useSignal(() => view.value.typing),
    receipts: useSignal(() => view.value.receipts),
    older: () => view.value.messages.older(),
    newer: () => view.value.messages.newer(),
    around: (seq) => view.value.messages.around(seq),
    latest: () => view.value.messages.latest(),
    send: (...given) => view.value.send(...given),
    edit: (...given) => view.value.edit(...given),
    recall: (message) => view.value.recall(message),
    react: (...given) => view.value.react(...given),
    typed: () => view.value.typed(),
    seen: (seq) => view.value.seen(seq),
  }
}
