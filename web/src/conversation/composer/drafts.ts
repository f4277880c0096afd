import type { Conversation } from '@parlance/client'
import { accountOf } from '@parlance/client/account'
import { useParlance } from '@parlance/vue'
import { onScopeDispose, type Ref, ref, watch } from 'vue'

/** Pauses between keys are shorter. */
const writeAfterMs = 1_200

interface Kept {
  text: string
  /** The draft of the server when the text was kept. */
  base: string
}

const keyOf = (id: string) => `parlance.draft.${id}`

function keptOf(id: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(id)) ?? 'null')
  } catch {
    return null
  }
}

/**
 * Text that is written and not sent: on this device at once, and on the server for the other devices. A text that has not
 * reached the server stays; else the server's is newer.
 */
export function useDraft(given: () => Conversation): Ref<string> {
  const { id } = given()
  const account = accountOf(useParlance())
  const onServer = () => given().membership.draft ?? ''
  const kept = keptOf(id)
  const hasUnsaved = kept !== null && kept.text !== kept.base
  const text = ref(hasUnsaved ? kept.text : onServer())
  let base = hasUnsaved ? kept.base : onServer()
  let timer: ReturnType<typeof setTimeout> | undefined

  function keep(now: string): void {
    if (now === base) localStorage.removeItem(keyOf(id))
    else localStorage.setItem(keyOf(id), JSON.stringify({ text: now, base } satisfies Kept))
  }

  async function write(): Promise<void> {
    clearTimeout(timer)
    const now = text.value
    if (now === base) return
    try {
      await account.updateMembership({ conversationId: id, draft: now || null })
      base = now
      keep(text.value)
    } catch {
      // It stays on this device, and is written with the next change or at the next start.
    }
  }

  watch(text, (now) => {
    keep(now)
    clearTimeout(timer)
    timer = setTimeout(() => void write(), now ? writeAfterMs : 0)
  })
  watch(onServer, (now) => {
    const isUnchanged = text.value === base
    base = now
    if (isUnchanged) text.value = now
    else keep(text.value)
  })
  if (hasUnsaved) timer = setTimeout(() => void write(), writeAfterMs)
  onScopeDispose(() => void write())
  return text
}

/** What the list shows of a draft: that of this device, or else of the server. */
export const draftOf = ({ id, membership }: Conversation): string =>
  keptOf(id)?.text ?? membership.draft ?? ''
