import type { Store } from '../store/store.ts'
import { conversationOf } from '../store/views.ts'
import type { Emitter } from './emitter.ts'

/** Emits each message of others that arrives after its conversation was loaded, whether by an event or by a pull. */
export function announceArrivals(store: Store, { emit }: Emitter): () => void {
  const announced = new Map<string, number>()
  let seen = store.get().entries

  return store.subscribe(() => {
    const state = store.get()
    const { entries, me, catchingUp } = state
    if (entries === seen) return
    const before = seen
    seen = entries
    for (const id of announced.keys()) if (!entries[id]) announced.delete(id)
    for (const [id, entry] of Object.entries(entries)) {
      if (entry === before[id]) continue
      const upTo = announced.get(id) ?? entry.row.maxSeq
      // Of a kept state, only what arrives after it has caught up is new.
      if (catchingUp) {
        announced.set(id, entry.row.maxSeq)
        continue
      }
      announced.set(id, Math.max(upTo, entry.messages.at(-1)?.seq ?? 0))
      for (const message of entry.messages.filter(({ seq }) => seq > upTo)) {
        if (!message.sender || message.sender.id === me?.user.id) continue
        const event = { message, conversation: conversationOf(state, entry) }
        emit('message', event)
        if (message.mentionsAll || message.mentions.some((user) => user.id === me?.user.id))
          emit('mention', event)
      }
    }
  })
}
