import type { Conversation } from '@parlance/client'
import { defineComponent, h, type SlotsType } from 'vue'
import { useConversations } from '../conversations.ts'

/** The conversations as a list without looks. The default slot shows one, `empty` that there is none. */
export const ConversationList = defineComponent({
  name: 'ConversationList',
  slots: Object as SlotsType<{ default: { conversation: Conversation }; empty: object }>,
  setup(_, { slots }) {
    const { conversations } = useConversations()
    return () =>
      conversations.value.length > 0
        ? h(
            'ul',
            conversations.value.map((conversation) =>
              h('li', { key: conversation.id }, slots.default?.({ conversation })),
            ),
          )
        : slots.empty?.({})
  },
})
