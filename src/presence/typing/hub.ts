import type { Core } from '../../context.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import { newId } from '../../platform/ids.ts'
import type { PresenceHub } from '../hub.ts'
import { endHiddenTyping } from './end-hidden.ts'
import { ended, type Typing, type TypingListener, type VisibleTyping } from './event.ts'
import { TypingThrottle } from './throttle.ts'

interface Topic {
  listeners: Set<TypingListener>
  subscribed: Promise<Unsubscribe>
}

const expiryCheckMs = 250

/** One topic per recipient: the publishing server decides who receives it. */
const typingTopic = (userId: string) => `typing:${userId}`

/** Published as `{ server, userId, conversationId, typing }`, so that any server can end the typing when a message is sent. */
const typistsTopic = 'typists'

/** Published as `{ userId }`: ends all typing of this user. */
const hiddenTopic = 'typist-hidden'

/** The typing subscriptions of this server, and recently published indicators of all servers. Nothing is stored. */
export class TypingHub {
  readonly throttle: TypingThrottle
  readonly #bus: Core['bus']
  readonly #server = newId()
  readonly #typingMs: number
  readonly #now: () => number
  readonly #topics = new Map<string, Topic>()
  readonly #timer: NodeJS.Timeout

  constructor(core: Core, presence: PresenceHub, now: () => number) {
    const { bus, config, log } = core
    this.#bus = bus
    this.#typingMs = config.limits.typingMs
    this.#now = now
    this.throttle = new TypingThrottle(this.#typingMs, now)
    this.#timer = setInterval(() => this.#expire(), expiryCheckMs)
    Promise.all([
      bus.subscribe(typistsTopic, ({ server, userId, conversationId, typing }) => {
        if (server !== this.#server)
          this.throttle.note(String(userId), String(conversationId), typing === true)
      }),
      bus.subscribe(hiddenTopic, ({ userId }) => this.#endAllOf(String(userId))),
    ]).catch((error) => log.error({ err: error }, 'subscription to typing failed'))
    presence.onRelations((userIds) => void endHiddenTyping(core, this.#visibleBetween(userIds), now))
  }

  publish(userIds: readonly string[], typing: Omit<Typing, 'expiresAt'>): void {
    if (userIds.length === 0) return
    this.#bus.publish(typistsTopic, { server: this.#server, ...typing })
    const expiresAt = this.#now() + (typing.typing ? this.#typingMs : 0)
    for (const userId of userIds) this.#bus.publish(typingTopic(userId), { ...typing, expiresAt })
  }

  /** Ends all indicators of a user who became invisible, on all servers. */
  endAllOf(userId: string): void {
    this.#bus.publish(hiddenTopic, { userId })
  }

  #endAllOf(userId: string): void {
    this.throttle.drop(userId)
    for (const { listener, typing } of this.#visible())
      if (typing.userId === userId) listener.receive(ended(typing, this.#now()))
  }

  /** Resolves once the subscription is active. */
  async follow(userId: string, listener: TypingListener): Promise<void> {
    const topic = this.#topics.get(userId) ?? this.#open(userId)
    topic.listeners.add(listener)
    await topic.subscribed
  }

  #open(userId: string): Topic {
    const listeners = new Set<TypingListener>()
    const subscribed = this.#bus.subscribe(typingTopic(userId), (message) => {
      const typing = message as unknown as Typing
      // The clock of another server may be wrong.
      const expiresAt = Math.min(typing.expiresAt, this.#now() + this.#typingMs)
      for (const listener of listeners) listener.receive({ ...typing, expiresAt })
    })
    const topic = { listeners, subscribed }
    this.#topics.set(userId, topic)
    return topic
  }

  leave(userId: string, listener: TypingListener): void {
    const topic = this.#topics.get(userId)
    if (!topic?.listeners.delete(listener) || topic.listeners.size > 0) return
    this.#topics.delete(userId)
    void topic.subscribed.then((off) => off())
  }

  #expire(): void {
    const now = this.#now()
    for (const { listener, typing } of this.#visible())
      if (typing.expiresAt <= now) listener.receive(ended(typing, now))
  }

  *#visible(): Iterable<VisibleTyping> {
    for (const [viewerId, { listeners }] of this.#topics)
      for (const listener of listeners)
        for (const typing of listener.typing) yield { viewerId, listener, typing }
  }

  #visibleBetween(userIds: ReadonlySet<string>): VisibleTyping[] {
    return [...this.#visible()].filter(
      ({ viewerId, typing }) => userIds.has(viewerId) || userIds.has(typing.userId),
    )
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
