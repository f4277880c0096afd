import type { UseConversation } from '@parlance/vue'
import { onScopeDispose, type Ref, ref, watch } from 'vue'

/**
 * Marks messages as read while the end of the history is on screen and the window is in front. `unreadAfter` stays where
 * the viewer began to read, so that the line above the new messages does not move while they are read.
 */
export function useReading({ conversation, messages, seen }: UseConversation): {
  unreadAfter: Ref<number | null>
  atEnd: Ref<boolean>
} {
  const unreadAfter = ref<number | null>(null)
  const atEnd = ref(false)
  const isInFront = ref(false)

  function look(): void {
    isInFront.value = document.visibilityState === 'visible' && document.hasFocus()
  }
  const occasions = ['focus', 'blur', 'visibilitychange'] as const
  for (const name of occasions) addEventListener(name, look, true)
  onScopeDispose(() => {
    for (const name of occasions) removeEventListener(name, look, true)
  })
  look()

  watch(
    [conversation, isInFront],
    ([now]) => {
      if (!now || (isInFront.value && unreadAfter.value !== null)) return
      unreadAfter.value = now.unreadCount > 0 ? now.membership.readSeq : null
    },
    { immediate: true },
  )
  watch(
    [() => messages.value.at(-1)?.seq, atEnd, isInFront],
    ([seq]) => {
      if (seq && atEnd.value && isInFront.value) seen(seq)
    },
    { immediate: true },
  )
  return { unreadAfter, atEnd }
}
