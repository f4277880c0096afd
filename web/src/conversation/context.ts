import type { Conversation, Message } from '@parlance/client'
import { computed, type InjectionKey, inject, provide, type Ref, ref } from 'vue'

export interface ChatContext {
  readonly conversation: Readonly<Ref<Conversation | null>>
  /** Whether the viewer may pin messages. */
  readonly canPin: Readonly<Ref<boolean>>
  /** Whether the viewer may recall messages of others. */
  readonly canRecall: Readonly<Ref<boolean>>
  isPinned(message: Pick<Message, 'id'>): boolean
  /** Numbers of the messages that are selected; null while none can be. */
  readonly selected: Ref<ReadonlySet<number> | null>
  toggle(seq: number): void
}

const key: InjectionKey<ChatContext> = Symbol('chat')

/** What the parts of a conversation on screen share. */
export function provideChat(
  conversation: Readonly<Ref<Conversation | null>>,
  moderates: () => boolean,
): ChatContext {
  const selected = ref<ReadonlySet<number> | null>(null)
  const manages = computed(() => ['OWNER', 'ADMIN'].includes(conversation.value?.membership.role ?? ''))
  const pinned = computed(() => new Set(conversation.value?.details.pinnedMessages.map(({ id }) => id) ?? []))
  const context: ChatContext = {
    conversation,
    canPin: computed(() => conversation.value?.kind === 'DIRECT' || manages.value),
    canRecall: computed(() => manages.value || moderates()),
    isPinned: ({ id }) => pinned.value.has(id),
    selected,
    toggle(seq) {
      const next = new Set(selected.value)
      if (!next.delete(seq)) next.add(seq)
      selected.value = next
    },
  }
  provide(key, context)
  return context
}

export function useChat(): ChatContext {
  const context = inject(key)
  if (!context) throw new Error('There is no conversation above this component.')
  return context
}
