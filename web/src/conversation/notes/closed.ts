import type { Conversation } from '@parlance/client'
import { type ComputedRef, computed, onScopeDispose, ref, watch } from 'vue'
import { words } from '../../words/language.ts'
import { shortTime, timeOf } from '../../words/time.ts'

/** Timers hold at most 24 days. */
const longestMs = 2 ** 31 - 1

/** Why the viewer cannot write in a conversation; null if the viewer can. */
export function useClosed(given: () => Conversation | null): ComputedRef<string | null> {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setTimeout> | undefined
  const mutedUntil = () => given()?.membership.mutedUntil ?? null

  // The end of a mute has no event.
  watch(
    mutedUntil,
    (until) => {
      clearTimeout(timer)
      const rest = until ? Date.parse(until) - Date.now() : 0
      const look = () => {
        now.value = Date.now()
      }
      look()
      if (rest > 0) timer = setTimeout(look, Math.min(rest + 500, longestMs))
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))

  return computed(() => {
    const conversation = given()
    if (!conversation) return null
    const { details, membership, peer } = conversation
    if (peer?.deletedAt) return words.value.deletedUser
    const until = mutedUntil()
    if (until && Date.parse(until) > now.value)
      return words.value.mutedUntil(`${shortTime(until)} ${timeOf(until)}`)
    const isClosed = 'mutedAll' in details && (details.mutedAll || details.postingPolicy === 'ADMINS')
    return isClosed && membership.role === 'MEMBER' ? words.value.mutedAll : null
  })
}

/** A hint about slow mode; empty without it. */
export function slowModeHint({ details, membership }: Conversation): string {
  const seconds = 'slowModeSeconds' in details && membership.role === 'MEMBER' ? details.slowModeSeconds : 0
  return seconds > 0 ? words.value.slowMode(seconds) : ''
}
