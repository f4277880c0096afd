import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Bus } from '../platform/bus/bus.ts'
import { hashOf } from './text-hash.ts'

/** Sees when one person sends the same text to many conversations. It keeps hashes, for ten minutes. */
export interface SameText {
  /** How many conversations the text has gone to lately, this one included. */
  seen(senderId: string, conversationId: string, text: string): Repeated
}

/** One text of one person. */
export interface Repeated {
  conversations: number
  /** When it may go to another one, by `performance.now()`. */
  nextAt: number
  told: boolean
}

interface Kept extends Repeated {
  /** Hashes, too: what was asked for may be of any length. */
  ids: Set<string>
  since: number
}

const windowMs = 600_000
const sendersMax = 20_000
const textsMax = 16
/** Greetings and thanks are alike. */
const lengthMin = 8
/** From so many on, other servers are told. */
const tellFrom = 3
const topic = 'same-text'
const nothing: Repeated = { conversations: 1, nextAt: 0, told: true }

/** Beyond `most` conversations it does not matter how many there are. */
export function createSameText(parts: { most: number; bus: Bus; log: Logger }): SameText {
  const { most, bus, log } = parts
  const self = randomUUID()
  const senders = new Map<string, Map<string, Kept>>()

  function note(senderId: string, hash: string, id: string): Kept {
    const texts = textsOf(senderId)
    const now = performance.now()
    const found = texts.get(hash)
    const kept =
      found && now - found.since < windowMs
        ? found
        : { ids: new Set<string>(), since: now, conversations: 0, nextAt: 0, told: false }
    texts.delete(hash)
    texts.set(hash, kept)
    if (texts.size > textsMax) texts.delete(texts.keys().next().value ?? '')
    if (kept.ids.size < most) kept.ids.add(id)
    kept.conversations = kept.ids.size
    return kept
  }

  function textsOf(senderId: string): Map<string, Kept> {
    const texts = senders.get(senderId) ?? new Map<string, Kept>()
    // The one that has been silent for longest goes first.
    senders.delete(senderId)
    senders.set(senderId, texts)
    if (senders.size > sendersMax) senders.delete(senders.keys().next().value ?? '')
    return texts
  }

  bus
    .subscribe(topic, ({ self: other, senderId, hash, ids }) => {
      if (other === self) return
      for (const id of String(ids).split(' ')) note(String(senderId), String(hash), id)
    })
    .catch((error) => log.error({ err: error }, 'what other servers see repeated is not heard'))

  return {
    seen(senderId, conversationId, text) {
      if (text.length < lengthMin) return nothing
      const hash = hashOf(text)
      const id = hashOf(conversationId)
      const known = senders.get(senderId)?.get(hash)?.ids.has(id) ?? false
      const kept = note(senderId, hash, id)
      if (!known && kept.conversations >= tellFrom)
        bus.publish(topic, { self, senderId, hash, ids: [...kept.ids].slice(-tellFrom).join(' ') })
      return kept
    },
  }
}
