import type { Sending } from '@parlance/client'
import { computed, ref, type WritableComputedRef } from 'vue'
import type { UseConversation } from './conversation.ts'

export interface UseComposer {
  /** Setting it tells others that the viewer types. */
  text: WritableComputedRef<string>
  /** Sends the text and empties the field; null if there is nothing to send. */
  submit(more?: { quoteSeq?: number }): Sending | null
}

/** The text field of a conversation, without its looks. */
export function useComposer({ send, typed }: Pick<UseConversation, 'send' | 'typed'>): UseComposer {
  const written = ref('')
  return {
    text: computed({
      get: () => written.value,
      set(next) {
        written.value = next
        if (next) typed()
      },
    }),
    submit(more) {
      const trimmed = written.value.trim()
      if (!trimmed) return null
      written.value = ''
      return send(trimmed, more)
    },
  }
}
