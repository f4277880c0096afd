import { useParlance, useSignal } from '@parlance/vue'
import { computed } from 'vue'
import type { Media } from './kinds.ts'

/** A media item with an address that works, and a way to renew it when it fails. */
export function useMedia(given: () => Media) {
  const parlance = useParlance()
  const view = computed(() => parlance.media(given()))
  const media = useSignal(() => view.value)
  let refreshed = false
  return {
    media,
    /** Once: an item that fails again is broken. */
    onFault() {
      if (refreshed) return
      refreshed = true
      view.value.refresh().catch(() => {})
    },
  }
}
