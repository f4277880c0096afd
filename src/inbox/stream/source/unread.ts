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

interface Host {
  onUnreadDue(): void
}

/** The viewer's total unread count: read at most once a second, delivered when it changed. */
export class TotalUnread implements Source {
  readonly #ctx: Context
  readonly #userId: string
  readonly #host: Host
  #timer: NodeJS.Timeout | null = null
  #isDue = false
  #delivered = -1

  constructor(ctx: Context, userId: string, host: Host) {
    this.#ctx = ctx
    this.#userId = userId
    this.#host = host
  }

  /** Whether events were delivered on which the total may depend, and the total follows. */
  get isOwed(): boolean {
    return this.#timer !== null || this.#isDue
  }

  /** An event was delivered; the total may depend on it. */
  noteDelivered(type: EventType): void {
    if (countsUnread.has(type)) this.owe()
  }

  owe(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#isDue = true
      this.#host.onUnreadDue()
    }, atMostEveryMs)
  }

  next(): Promise<EventBatch> | null {
    return this.#isDue ? this.#read() : null
  }

  async #read(): Promise<EventBatch> {
    this.#ctx.loaders.clear()
    const unread = await totalUnread(this.#ctx, this.#userId)
    this.#isDue = false
    const isOther = unread !== this.#delivered
    this.#delivered = unread
    return { bodies: isOther ? [{ type: 'MeChanged', userId: this.#userId }] : [], nextPosition: null }
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }
}
