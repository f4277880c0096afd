import type { Context } from '../../context.ts'
import { totalUnread } from '../../conversation/unread.ts'
import type { EventType } from '../event/body.ts'

const atMostEveryMs = 1_000

const countsUnread = new Set<EventType>([
  'MessagesChanged',
  'ConversationSignal',
  'ConversationChanged',
  'ConversationRemoved',
])

/** Watches one reader's total unread: looked up at most once a second, and told only when it is another. */
export class UnreadWatch {
  readonly #onDue: () => void
  #timer: NodeJS.Timeout | null = null
  #due = false
  #told = -1

  constructor(onDue: () => void) {
    this.#onDue = onDue
  }

  get due(): boolean {
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

  /** Looks the total up and says whether it is another than the last time. */
  async changed(ctx: Context, userId: string): Promise<boolean> {
    this.#due = false
    ctx.loaders.clear()
    const unread = await totalUnread(ctx, userId)
    const changed = unread !== this.#told
    this.#told = unread
    return changed
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }
}
