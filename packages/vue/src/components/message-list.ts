import type { Message, Pending } from '@parlance/client'
import { defineComponent, h, ref, type SlotsType, watch } from 'vue'
import { useConversation } from '../conversation.ts'

/** Distance from an end of the history at which more of it is loaded. */
const margin = 600

/**
 * The messages of a conversation without looks. It loads older and newer ones as they are scrolled to, and marks messages
 * as seen while the newest is on screen. It is a reversed column, so that older messages move nothing when they load.
 */
export const MessageList = defineComponent({
  name: 'MessageList',
  props: { conversationId: { type: String, required: true } },
  slots: Object as SlotsType<{ default: { message: Message }; pending: { pending: Pending } }>,
  setup(props, { slots }) {
    const chat = useConversation(() => props.conversationId)
    const { messages, pending, hasOlder, hasNewer } = chat
    const atEnd = ref(true)
    let loading = false

    async function load(page: () => Promise<void>): Promise<void> {
      if (loading) return
      loading = true
      // A page that fails is asked for again at the next scroll.
      await page().catch(() => {})
      loading = false
    }

    function onScroll({ currentTarget }: { currentTarget: unknown }): void {
      const { scrollTop, scrollHeight, clientHeight } = currentTarget as HTMLElement
      const below = -scrollTop
      atEnd.value = below < 1 && !hasNewer.value
      if (hasOlder.value && scrollHeight - clientHeight - below < margin) void load(chat.older)
      else if (hasNewer.value && below < margin) void load(chat.newer)
    }

    watch(
      [() => messages.value.at(-1)?.seq, atEnd],
      ([seq]) => {
        const isVisible = globalThis.document?.visibilityState !== 'hidden'
        if (seq && atEnd.value && isVisible) chat.seen(seq)
      },
      { immediate: true },
    )

    const style = { display: 'flex', flexDirection: 'column-reverse', overflowY: 'auto' }
    return () =>
      h('div', { role: 'log', tabindex: 0, style, onScroll }, [
        h('div', [
          ...messages.value.map((message) => h('div', { key: message.id }, slots.default?.({ message }))),
          ...pending.value.map((one) => h('div', { key: one.key }, slots.pending?.({ pending: one }))),
        ]),
      ])
  },
})
