import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Limits } from '../../config.ts'
import type { Refusal } from '../../errors.ts'
import type { Bus, BusMessage } from '../../platform/bus/bus.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { rateLimited } from '../../platform/rate-limit/rate-limits.ts'
import { hashOf } from './text-hash.ts'

/** Sees when one person sends the same text to many conversations. It keeps hashes, for a while. */
export interface DuplicateText {
  /** What is to be said of this text going to this conversation; null while it goes to few. */
  repetition(senderId: string, conversationId: string, text: string): Repetition | null
}

/** A text that one person sends to more conversations than they may without being slowed down. */
export interface Repetition {
  /** Why it must wait; null where it may pass. */
  refusal: Refusal | null
  /** How many conversations it has gone to. */
  conversations: number
  /** Whether this burst was reported to the moderators. */
  readonly reported: boolean
  setReported(reported: boolean): void
}

interface Kept {
  /** Hashes, too: what was asked for may be of any length. */
  ids: Set<string>
  /** A burst ends when nothing of it has passed for as long as the window. */
  until: number
  /** When it may go to another one; by `performance.now()`, as all times here. */
  nextAt: number
  /** How many have passed beyond the line: each makes the next one wait twice as long. */
  passed: number
  reported: boolean
}

const windowMs = 600_000
const sendersMax = 20_000
const textsMax = 16
/** Greetings and thanks are alike. */
const lengthMin = 8
/** Number of conversations from which a text is published to the other servers. */
const publishFrom = 3
const topic = 'duplicate-text'

export function createDuplicateText(parts: {
  limits: Limits
  bus: Bus
  log: Logger
  metrics: Metrics
}): DuplicateText {
  const { bus, log, metrics } = parts
  const { sameTextConversations: most, sameTextPauseSeconds } = parts.limits
  const self = randomUUID()
  const senders = new Map<string, Map<string, Kept>>()

  function keptOf(senderId: string, hash: string): Kept {
    const texts = textsOf(senderId)
    const now = performance.now()
    const found = texts.get(hash)
    const fresh = { ids: new Set<string>(), until: now + windowMs, nextAt: 0, passed: 0, reported: false }
    const kept = found && now < found.until ? found : fresh
    texts.delete(hash)
    texts.set(hash, kept)
    if (texts.size > textsMax) texts.delete(leastOf(texts))
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

  /** Beyond the line it does not matter how many there are. */
  function add({ ids }: Kept, id: string): boolean {
    if (ids.size > most || ids.has(id)) return false
    ids.add(id)
    return true
  }

  function publish(senderId: string, hash: string, { ids, nextAt, passed, reported }: Kept): void {
    const waitMs = nextAt - performance.now()
    bus.publish(topic, { self, senderId, hash, ids: [...ids].slice(-publishFrom), waitMs, passed, reported })
  }

  function receive({ self: other, senderId, hash, ids, waitMs, passed, reported }: BusMessage): void {
    if (other === self) return
    const kept = keptOf(String(senderId), String(hash))
    for (const id of ids as string[]) add(kept, id)
    if (Number(passed) > kept.passed) pause(kept, Number(waitMs), Number(passed))
    kept.reported ||= reported === true
  }

  function pause(kept: Kept, waitMs: number, passed: number): void {
    kept.passed = passed
    kept.nextAt = performance.now() + waitMs
    kept.until = kept.nextAt + windowMs
  }

  /** How long the next one waits; the first pause may be longer than the window if the operator wants that. */
  function waitAfter(passed: number): number {
    const first = sameTextPauseSeconds * 1_000
    return Math.min(first * 2 ** passed, Math.max(first, windowMs))
  }

  function passOrWait(kept: Kept): Refusal | null {
    const waitMs = kept.nextAt - performance.now()
    if (waitMs > 0) {
      metrics.limited('same-text')
      return rateLimited(waitMs)
    }
    pause(kept, waitAfter(kept.passed), kept.passed + 1)
    return null
  }

  bus
    .subscribe(topic, receive)
    .catch((error) => log.error({ err: error }, 'duplicate texts of other servers are not received'))

  return {
    repetition(senderId, conversationId, text) {
      const hash = hashOf(text, lengthMin)
      if (hash === '') return null
      const kept = keptOf(senderId, hash)
      const added = add(kept, hashOf(conversationId))
      const conversations = kept.ids.size
      const refusal = conversations > most ? passOrWait(kept) : null
      if ((added && conversations >= publishFrom) || (conversations > most && !refusal))
        publish(senderId, hash, kept)
      if (conversations <= most) return null
      return {
        refusal,
        conversations,
        get reported() {
          return kept.reported
        },
        setReported(reported) {
          kept.reported = reported
          publish(senderId, hash, kept)
        },
      }
    },
  }
}

/** The text that may be forgotten: the oldest that went to few, so that a burst is not hidden behind others. */
function leastOf(texts: ReadonlyMap<string, Kept>): string {
  let oldest = ''
  for (const [hash, { ids }] of texts) {
    if (ids.size < publishFrom) return hash
    oldest ||= hash
  }
  return oldest
}
