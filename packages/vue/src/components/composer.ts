import type { Sending } from '@parlance/client'
import { defineComponent, h, type SlotsType } from 'vue'
import { useComposer } from '../composer.ts'
import { useConversation } from '../conversation.ts'

interface Field {
  text: string
  setText(text: string): void
  submit(): Sending | null
}

/** The form that sends a text, without looks; the default slot shows its field. */
export const Composer = defineComponent({
  name: 'ParlanceComposer',
  props: { conversationId: { type: String, required: true }, quoteSeq: Number },
  emits: { sent: (_: Sending) => true },
  slots: Object as SlotsType<{ default: Field }>,
  setup(props, { slots, emit }) {
    const { text, submit } = useComposer(useConversation(() => props.conversationId))
    function send(): Sending | null {
      const sending = submit({ quoteSeq: props.quoteSeq })
      if (sending) emit('sent', sending)
      return sending
    }
    const setText = (next: string) => {
      text.value = next
    }
    return () =>
      h(
        'form',
        {
          onSubmit(event: { preventDefault(): void }) {
            event.preventDefault()
            void send()
          },
        },
        slots.default?.({ text: text.value, setText, submit: send }),
      )
  },
})
