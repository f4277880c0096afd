import type { Core } from '../../context.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import { newId } from '../../platform/ids.ts'
import type { PresenceHub } from '../hub.ts'
import { partTypists } from './end-hidden.ts'
import { ended, type Heard, type Typing, type TypingListener } from './event.ts'
import { TypingThrottle } from './throttle.ts'

interface Followed {
  listeners: Set<TypingListener>
  subscribed: Promise<Unsubscribe>
}

const expiryCheckMs = 250

/** One topic for each person who listens: who is told was decided by the server that tells. */
const typingTopic = (userId: string) => `typing:${userId}`

/** Published as `{ server, userId, conversationId, typing }`: what was told, for the server that the message is sent through. */
const typistsTopic = 'typists'

/** Published as `{ userId }`: this person is not to be seen typing any more, anywhere. */
const hiddenTopic = 'typist-hidden'

/** Who hears on this server that somebody types, and what was told from any of late. Nothing is ever stored. */
export class TypingHub {
  readonly throttle: TypingThrottle
  readonly #bus: Core['bus']
  readonly #server = newId()
  readonly #typingMs: number
  readonly #followed = new Map<string, Followed>()
  readonly #timer: NodeJS.Timeout

  constructor(core: Core, presence: PresenceHub) {
    const { bus, config, log } = core
    this.#bus = bus
    this.#typingMs = config.limits.typingMs
    this.throttle = new TypingThrottle(this.#typingMs)
    this.#timer = setInterval(() => this.#expire(), expiryCheckMs)
    Promise.all([
      bus.subscribe(typistsTopic, ({ server, userId, conversationId, typing }) => {
        if (server !== this.#server)
          this.throttle.told(String(userId), String(conversationId), typing === true)
      }),
      bus.subscribe(hiddenTopic, ({ userId }) => this.#forget(String(userId))),
    ]).catch((error) => log.error({ err: error }, 'who types at other servers is not heard'))
    presence.onRelations((userIds) => void partTypists(core, this.#heardBetween(userIds)))
  }

  tell(userIds: readonly string[], typing: Omit<Typing, 'expiresAt'>): void {
    if (userIds.length === 0) return
    this.#bus.publish(typistsTopic, { server: this.#server, ...typing })
    const expiresAt = Date.now() + (typing.typing ? this.#typingMs : 0)
    for (const userId of userIds) this.#bus.publish(typingTopic(userId), { ...typing, expiresAt })
  }

  /** Somebody is not to be seen any more: whoever was told that they type is told that it is over. */
  hide(userId: string): void {
    this.#bus.publish(hiddenTopic, { userId })
  }

  #forget(userId: string): void {
    this.throttle.forget(userId)
    for (const { listener, typing } of this.#heard())
      if (typing.userId === userId) listener.hear(ended(typing))
  }

  /** Resolves once everything that is told from now on is heard. */
  async follow(userId: string, listener: TypingListener): Promise<void> {
    const followed = this.#followed.get(userId) ?? this.#listen(userId)
    followed.listeners.add(listener)
    await followed.subscribed
  }

  #listen(userId: string): Followed {
    const listeners = new Set<TypingListener>()
    const subscribed = this.#bus.subscribe(typingTopic(userId), (message) => {
      const typing = message as unknown as Typing
      // The clock of another server may be wrong.
      const expiresAt = Math.min(typing.expiresAt, Date.now() + this.#typingMs)
      for (const listener of listeners) listener.hear({ ...typing, expiresAt })
    })
    const followed = { listeners, subscribed }
    this.#followed.set(userId, followed)
    return followed
  }

  leave(userId: string, listener: TypingListener): void {
    const followed = this.#followed.get(userId)
    if (!followed?.listeners.delete(listener) || followed.listeners.size > 0) return
    this.#followed.delete(userId)
    void followed.subscribed.then((off) => off())
  }

  #expire(): void {
    const now = Date.now()
    for (const { listener, typing } of this.#heard())
      if (typing.expiresAt <= now) listener.hear(ended(typing))
  }

  *#heard(): Iterable<Heard> {
    for (const [viewerId, { listeners }] of this.#followed)
      for (const listener of listeners)
        for (const typing of listener.typing) yield { viewerId, listener, typing }
  }

  #heardBetween(userIds: ReadonlySet<string>): Heard[] {
    return [...this.#heard()].filter(
      ({ viewerId, typing }) => userIds.has(viewerId) || userIds.has(typing.userId),
    )
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
