import type { Context } from '../../../context.ts'
import { totalUnread } from '../../../conversation/unread.ts'
import type { EventType } from '../../event/body.ts'
import type { EventBatch, Source } from './source.ts'

const atMostEveryMs = 1_000

const countsUnread = new Set<EventType>([
  'MessagesChanged',
  'ConversationSignal',
  'ConversationChanged',
  'ConversationRemoved',
])

/** The reader's total unread: looked up at most once a second, and told only when it is another. */
export class TotalUnread implements Source {
  readonly #ctx: Context
  readonly #userId: string
  readonly #onDue: () => void
  #timer: NodeJS.Timeout | null = null
  #due = false
  #told = -1

  constructor(ctx: Context, userId: string, onDue: () => void) {
    this.#ctx = ctx
    this.#userId = userId
    this.#onDue = onDue
  }

  due(): boolean {
    return this.#due
  }

  /** Something was told; the total may depend on it. */
  heard(type: EventType): void {
    if (!countsUnread.has(type)) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#due = true
      this.#onDue()
    }, atMostEveryMs)
  }

  async next(): Promise<EventBatch> {
    this.#ctx.loaders.clear()
    const unread = await totalUnread(this.#ctx, this.#userId)
    this.#due = false
    const isOther = unread !== this.#told
    this.#told = unread
    return { bodies: isOther ? [{ type: 'MeChanged', userId: this.#userId }] : [], nextPosition: null }
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }
}
