import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer } from '../../context.ts'
import { requireConversation, visibleConversation } from '../../conversation/store.ts'
import { PullStream } from '../../platform/pull-stream.ts'
import type { Typing, TypingListener } from './event.ts'

/** A slow client loses the oldest waiting events, which would have expired anyway. */
const waitingMax = 200
const retryMs = 1_000

const keyOf = ({ conversationId, userId }: Typing) => `${conversationId} ${userId}`

/** One typing subscription. Only the latest event per user and conversation waits. */
class TypingStream extends PullStream<Typing> implements TypingListener {
  readonly #ctx: Context
  readonly #viewerId: string
  readonly #only: string | null
  readonly #waiting = new Map<string, Typing>()
  readonly #typing = new Map<string, Typing>()
  #ready: Typing | undefined

  constructor(ctx: Context, only: string | null) {
    super()
    this.#ctx = ctx
    this.#viewerId = requireViewer(ctx).userId
    this.#only = only
  }

  receive(typing: Typing): void {
    if (this.#only !== null && this.#only !== typing.conversationId) return
    const key = keyOf(typing)
    if (typing.typing) this.#typing.set(key, typing)
    else if (!this.#typing.delete(key)) return
    this.#waiting.delete(key)
    this.#waiting.set(key, typing)
    const oldest = this.#waiting.keys().next()
    if (this.#waiting.size > waitingMax && !oldest.done) this.#waiting.delete(oldest.value)
    this.wake()
  }

  get typing(): Iterable<Typing> {
    return this.#typing.values()
  }

  take(): Typing | undefined {
    const typing = this.#ready
    this.#ready = undefined
    return typing
  }

  async advance(): Promise<boolean> {
    const [next] = this.#waiting.values()
    if (!next) return false
    const maySee = await this.#maySee(next).catch((error) => this.#retryLater(next, error))
    if (maySee && !this.closed) this.#ready = next
    return true
  }

  /** Checked on delivery, because the viewer may have left the conversation in the meantime. */
  async #maySee(typing: Typing): Promise<boolean> {
    this.#waiting.delete(keyOf(typing))
    this.#ctx.loaders.clear()
    const visible = await visibleConversation(this.#ctx, requireViewer(this.#ctx), typing.conversationId)
    this.#ctx.loaders.clear()
    return visible !== null
  }

  /** Keeps the subscription while the database is unavailable. A newer event of the same user replaces this one. */
  async #retryLater(typing: Typing, error: unknown): Promise<false> {
    this.#ctx.log.warn({ err: error, userId: this.#viewerId }, 'typing permission unreadable, will retry')
    await delay(retryMs)
    const key = keyOf(typing)
    if (!this.#waiting.has(key)) this.#waiting.set(key, typing)
    return false
  }

  protected onClose(): void {
    this.#ctx.presence.typing.leave(this.#viewerId, this)
  }
}

/** Subscribes to typing in one of the viewer's conversations, or in all. */
export async function watchTyping(
  ctx: Context,
  conversationId: string | null,
): Promise<AsyncIterable<Typing>> {
  const viewer = requireViewer(ctx)
  const stream = new TypingStream(ctx, conversationId)
  try {
    await ctx.presence.typing.follow(viewer.userId, stream)
    if (conversationId !== null) await requireConversation(ctx, viewer, conversationId)
    ctx.loaders.clear()
    return stream
  } catch (error) {
    stream.close()
    throw error
  }
}
