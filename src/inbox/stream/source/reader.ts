import { type Context, requireViewer } from '../../../context.ts'
import { type ConversationRow, visibleConversation } from '../../../conversation/store.ts'
import type { EventBody } from '../../event/body.ts'
import { type MessagePage, messageEvents, missedSpan, subjectEvents } from '../../event/from-entry.ts'
import type { RecentChanges } from '../../event/recent-changes.ts'
import type { Position } from '../../position.ts'
import type { DeliveredVersions } from './delivered-versions.ts'
import type { EventBatch, MessagePages } from './source.ts'

interface Host {
  readonly recent: RecentChanges
  readonly delivered: DeliveredVersions
  /** Subscribes to the deliveries of the conversation if the clock numbers them now, and unsubscribes otherwise. */
  follow(conversationId: string, conversation: ConversationRow | null): Promise<void>
}

/** Reads the current state of a subject when its number is delivered. */
export class EventReader {
  readonly ctx: Context
  readonly #host: Host

  constructor(ctx: Context, host: Host) {
    this.ctx = ctx
    this.#host = host
  }

  async subject(
    kind: string,
    subjectId: string,
    removed: boolean,
    nextPosition: Position | null,
  ): Promise<EventBatch> {
    this.ctx.loaders.clear()
    const bodies: EventBody[] = []
    if (kind === 'conversation') {
      if (removed) bodies.push({ type: 'ConversationRemoved', conversationId: subjectId })
      const visible = await visibleConversation(this.ctx, requireViewer(this.ctx), subjectId)
      await this.#host.follow(subjectId, visible)
    }
    bodies.push(...(await subjectEvents(this.ctx, kind, subjectId)))
    return { bodies, nextPosition }
  }

  /** The first page of the changes that were not delivered to the reader yet; at once if this process has them. */
  messages(pages: MessagePages): EventBatch | Promise<EventBatch> {
    const { conversationId, to, nextPosition } = pages
    const delivered = this.#host.delivered.of(conversationId) ?? -1
    if (delivered >= to) return { bodies: [], nextPosition }
    const from = Math.max(pages.from, delivered)
    const page = messageEvents(this.ctx, this.#host.recent, conversationId, { from, to })
    return page instanceof Promise ? page.then((read) => batchOf(pages, read)) : batchOf(pages, page)
  }

  /** The same where it is unknown what the reader has: all changes since a time. */
  async missed(pages: Omit<MessagePages, 'from'>, since: number): Promise<EventBatch> {
    const missed = await missedSpan(this.ctx, pages.conversationId, since)
    if (!missed) return { bodies: [], nextPosition: pages.nextPosition }
    return this.messages({ ...pages, from: missed.from, to: Math.max(missed.to, pages.to) })
  }
}

function batchOf(pages: MessagePages, { bodies, next, isHidden }: MessagePage): EventBatch {
  if (isHidden) return { bodies, nextPosition: pages.nextPosition, isHidden }
  if (next === null) return { bodies, nextPosition: pages.nextPosition }
  return { bodies, nextPosition: null, furtherPages: { ...pages, from: next } }
}
