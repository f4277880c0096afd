import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Limits } from '../../config.ts'
import type { Refusal } from '../../errors.ts'
import type { Bus, BusMessage } from '../../platform/bus/bus.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { rateLimited } from '../../platform/rate-limit/rate-limits.ts'
import { hashOf } from './text-hash.ts'

/** Detects a text that a user sends to many conversations. Keeps hashes only, for a limited time. */
export interface DuplicateText {
  /** Counts the text for the conversation; null while it is sent to few. */
  repetition(senderId: string, conversationId: string, text: string): Repetition | null
}

/** A text that a user sends to more conversations than serverInfo.limits.sameTextConversations. */
export interface Repetition {
  /** Why it is refused for now; null if it may be sent. */
  refusal: Refusal | null
  /** Number of conversations so far. */
  conversations: number
  /** Whether this burst was reported to the moderators. */
  readonly reported: boolean
  setReported(reported: boolean): void
}

interface Tracked {
  /** Hashes of conversation ids, because an id from a client can have any length. */
  ids: Set<string>
  /** End of the burst: no send for as long as the window. */
  until: number
  /** When the next send is allowed, by `performance.now()` as all times here. */
  nextAt: number
  /** Sends beyond the limit; each doubles the pause before the next. */
  passed: number
  reported: boolean
}

const windowMs = 600_000
const sendersMax = 20_000
const textsMax = 16
/** Shorter texts, such as greetings, are not counted. */
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
  const senders = new Map<string, Map<string, Tracked>>()

  function trackedText(senderId: string, hash: string): Tracked {
    const texts = textsOf(senderId)
    const now = performance.now()
    const found = texts.get(hash)
    const fresh = { ids: new Set<string>(), until: now + windowMs, nextAt: 0, passed: 0, reported: false }
    const tracked = found && now < found.until ? found : fresh
    texts.delete(hash)
    texts.set(hash, tracked)
    if (texts.size > textsMax) texts.delete(leastSuspicious(texts))
    return tracked
  }

  function textsOf(senderId: string): Map<string, Tracked> {
    const texts = senders.get(senderId) ?? new Map<string, Tracked>()
    // The sender with the longest pause is dropped first.
    senders.delete(senderId)
    senders.set(senderId, texts)
    if (senders.size > sendersMax) senders.delete(senders.keys().next().value ?? '')
    return texts
  }

  /** Ids beyond the limit are not tracked. */
  function add({ ids }: Tracked, id: string): boolean {
    if (ids.size > most || ids.has(id)) return false
    ids.add(id)
    return true
  }

  function publish(senderId: string, hash: string, { ids, nextAt, passed, reported }: Tracked): void {
    const waitMs = nextAt - performance.now()
    bus.publish(topic, { self, senderId, hash, ids: [...ids].slice(-publishFrom), waitMs, passed, reported })
  }

  function receive({ self: other, senderId, hash, ids, waitMs, passed, reported }: BusMessage): void {
    if (other === self) return
    const tracked = trackedText(String(senderId), String(hash))
    for (const id of ids as string[]) add(tracked, id)
    if (Number(passed) > tracked.passed) pause(tracked, Number(waitMs), Number(passed))
    tracked.reported ||= reported === true
  }

  function pause(tracked: Tracked, waitMs: number, passed: number): void {
    tracked.passed = passed
    tracked.nextAt = performance.now() + waitMs
    tracked.until = tracked.nextAt + windowMs
  }

  /** The pause before the next send; at most the window, unless LIMIT_SAME_TEXT_PAUSE_SECONDS is longer. */
  function waitAfter(passed: number): number {
    const first = sameTextPauseSeconds * 1_000
    return Math.min(first * 2 ** passed, Math.max(first, windowMs))
  }

  function refusalOf(tracked: Tracked): Refusal | null {
    const waitMs = tracked.nextAt - performance.now()
    if (waitMs > 0) {
      metrics.limited('same-text')
      return rateLimited(waitMs)
    }
    pause(tracked, waitAfter(tracked.passed), tracked.passed + 1)
    return null
  }

  bus
    .subscribe(topic, receive)
    .catch((error) => log.error({ err: error }, 'duplicate texts of other servers are not received'))

  return {
    repetition(senderId, conversationId, text) {
      const hash = hashOf(text, lengthMin)
      if (hash === '') return null
      const tracked = trackedText(senderId, hash)
      const added = add(tracked, hashOf(conversationId))
      const conversations = tracked.ids.size
      const refusal = conversations > most ? refusalOf(tracked) : null
      if ((added && conversations >= publishFrom) || (conversations > most && !refusal))
        publish(senderId, hash, tracked)
      if (conversations <= most) return null
      return {
        refusal,
        conversations,
        get reported() {
          return tracked.reported
        },
        setReported(reported) {
          tracked.reported = reported
          publish(senderId, hash, tracked)
        },
      }
    },
  }
}

/** The text to drop: the oldest that was sent to few conversations, so that other texts do not displace a burst. */
function leastSuspicious(texts: ReadonlyMap<string, Tracked>): string {
  let oldest = ''
  for (const [hash, { ids }] of texts) {
    if (ids.size < publishFrom) return hash
    oldest ||= hash
  }
  return oldest
}
