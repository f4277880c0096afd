import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer } from '../../context.ts'
import { requireConversation, visibleConversation } from '../../conversation/store.ts'
import { PullStream } from '../../platform/pull-stream.ts'
import type { Typing, TypingListener } from './event.ts'

/** A reader that takes nothing loses the oldest of what waits; it would be over anyway. */
const waitingMax = 200
const retryMs = 1_000

const keyOf = ({ conversationId, userId }: Typing) => `${conversationId} ${userId}`

/** One reader of who types: of each person in each conversation only the latest waits. */
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

  hear(typing: Typing): void {
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

  protected take(): Typing | undefined {
    const typing = this.#ready
    this.#ready = undefined
    return typing
  }

  protected async advance(): Promise<boolean> {
    const [next] = this.#waiting.values()
    if (!next) return false
    const mayHear = await this.#mayHear(next).catch((error) => this.#askLater(next, error))
    if (mayHear && !this.closed) this.#ready = next
    return true
  }

  /** Whoever was taken out of a conversation meanwhile hears nothing more of it. */
  async #mayHear(typing: Typing): Promise<boolean> {
    this.#waiting.delete(keyOf(typing))
    this.#ctx.loaders.clear()
    const visible = await visibleConversation(this.#ctx, requireViewer(this.#ctx), typing.conversationId)
    this.#ctx.loaders.clear()
    return visible !== null
  }

  /** A database that is away ends no subscription; what is newer by then has taken its place. */
  async #askLater(typing: Typing, error: unknown): Promise<false> {
    this.#ctx.log.warn({ err: error, userId: this.#viewerId }, 'who may hear of typing is asked again')
    await delay(retryMs)
    const key = keyOf(typing)
    if (!this.#waiting.has(key)) this.#waiting.set(key, typing)
    return false
  }

  protected onClose(): void {
    this.#ctx.presence.typing.leave(this.#viewerId, this)
  }
}

/** Who types in one conversation of the viewer's, or in any. */
export async function watchTyping(
  ctx: Context,
  conversationId: string | null,
): Promise<AsyncIterableIterator<Typing>> {
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
