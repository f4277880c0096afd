import { errorWith } from '../errors.ts'
import { HistoryPage, type HistoryPageQueryVariables } from '../generated/documents.ts'
import type { Store } from '../store/store.ts'
import { historyOf } from '../store/views.ts'
import type { Perform } from '../transport/perform.ts'

export interface Pages {
  /** The newest messages, unless they are held. */
  newest(id: string): Promise<void>
  older(id: string, anchor: number | null): Promise<void>
  newer(id: string, anchor: number): Promise<void>
  around(id: string, seq: number): Promise<void>
}

/** Pages of histories. They are kept by version, so an answer that events overtook changes nothing that is newer. */
export function createPages(store: Store, perform: Perform, size = 50): Pages {
  async function read(variables: HistoryPageQueryVariables): Promise<void> {
    const { tick } = store.get()
    const { conversation } = await perform(HistoryPage, variables)
    if (!conversation) throw errorWith('NOT_FOUND', 'There is no such conversation.')
    store.apply({ type: 'read', since: tick, messages: conversation.messages.nodes })
  }
  const entry = (id: string) => store.get().entries[id]

  return {
    async newest(id) {
      const held = entry(id)
      if (!held) return
      const { items, hasOlder } = historyOf(held, null)
      if (hasOlder && items.length < Math.min(size, held.row.maxSeq)) await read({ id, last: size })
    },
    async older(id, anchor) {
      const held = entry(id)
      const first = held && historyOf(held, anchor).items[0]
      await read(first ? { id, last: size, beforeSeq: first.seq } : { id, last: size })
    },
    async newer(id, anchor) {
      const held = entry(id)
      const last = held && historyOf(held, anchor).items.at(-1)
      if (last) await read({ id, first: size, afterSeq: last.seq })
    },
    around: (id, seq) => read({ id, last: size, around: seq }),
  }
}
