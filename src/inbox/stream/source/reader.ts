import { type Context, requireViewer } from '../../../context.ts'
import { type ConversationRow, visibleConversation } from '../../../conversation/store.ts'
import type { EventBody } from '../../event/body.ts'
import { messageEvents, subjectEvents } from '../../event/from-entry.ts'
import type { RecentChanges } from '../../event/recent-changes.ts'
import type { Position } from '../../position.ts'
import type { MessagePages, Told } from './source.ts'
import type { ToldVersions } from './told-versions.ts'

interface ReaderHost {
  recent: RecentChanges
  told: ToldVersions
  /** What the viewer's conversation is now: its signals are heard if it is a SIGNAL conversation. */
  follow(conversationId: string, conversation: ConversationRow | null): Promise<void>
}

/** Reads what a number stands for at the moment when it is told. */
export class EventReader {
  readonly ctx: Context
  readonly #host: ReaderHost

  constructor(ctx: Context, host: ReaderHost) {
    this.ctx = ctx
    this.#host = host
  }

  async subject(kind: string, subjectId: string, removed: boolean, leadsTo: Position | null): Promise<Told> {
    this.ctx.loaders.clear()
    const bodies: EventBody[] = []
    if (kind === 'conversation') {
      if (removed) bodies.push({ type: 'ConversationRemoved', conversationId: subjectId })
      const visible = await visibleConversation(this.ctx, requireViewer(this.ctx), subjectId)
      await this.#host.follow(subjectId, visible)
    }
    bodies.push(...(await subjectEvents(this.ctx, kind, subjectId)))
    return { bodies, leadsTo }
  }

  /** The first page of the changes that the reader was not told of yet. */
  async messages(pages: MessagePages): Promise<Told> {
    const { conversationId, to, leadsTo } = pages
    const told = this.#host.told.of(conversationId) ?? -1
    if (told >= to) return { bodies: [], leadsTo }
    const from = Math.max(pages.from, told)
    const { bodies, next } = await messageEvents(this.ctx, this.#host.recent, conversationId, { from, to })
    if (next === null) return { bodies, leadsTo }
    return { bodies, leadsTo: null, rest: { ...pages, from: next } }
  }
}
