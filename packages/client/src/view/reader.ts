import { MarkRead } from '../generated/documents.ts'
import type { Store } from '../store/store.ts'
import type { Perform } from '../transport/perform.ts'
import { type Repeated, repeated } from '../transport/repeated.ts'
import type { Wake } from '../transport/wake.ts'

export interface Reader {
  seen(conversationId: string, seq: number): void
  stop(): void
}

/** Reports read positions: one request at a time for each conversation, with the greatest number at that moment. */
export function createReader(store: Store, perform: Perform, wake: Wake): Reader {
  const positions = new Map<string, number>()
  const work = new Map<string, Repeated>()

  const report = (conversationId: string) => async () => {
    const readSeq = positions.get(conversationId)
    if (readSeq === undefined) return
    const held = store.get().entries[conversationId]
    // A position that the server has, or a conversation that is gone, needs no report.
    if (held && readSeq > held.row.membership.readSeq)
      await perform(MarkRead, { input: { conversationId, readSeq } })
    if (positions.get(conversationId) === readSeq) positions.delete(conversationId)
    else work.get(conversationId)?.run()
  }

  return {
    seen(conversationId, seq) {
      positions.set(conversationId, Math.max(seq, positions.get(conversationId) ?? 0))
      const repeating = work.get(conversationId) ?? repeated(report(conversationId), wake)
      work.set(conversationId, repeating)
      repeating.run()
    },
    stop() {
      for (const repeating of work.values()) repeating.stop()
    },
  }
}
