import { type Context, requireViewer } from '../../context.ts'
import { type ConversationRow, visibleConversation } from '../../conversation/store.ts'
import type { EventBody } from '../event/body.ts'
import { messageEvents, subjectEvents } from '../event/from-entry.ts'
import type { RecentChanges } from '../event/recent-changes.ts'
import type { Position } from '../position.ts'

/** What is told next, and where the reader stands after it. */
export interface Told {
  bodies: EventBody[]
  leadsTo: Position
  /** There are more changes of one conversation to tell before anything else; until then the reader stays. */
  rest?: MessagePages
}

/** Changes of one conversation from a version on, told page by page. */
export interface MessagePages {
  conversationId: string
  from: number
  to: number
  leadsTo: Position
}

export interface TellingHost {
  recent: RecentChanges
  /** What the viewer's conversation is now: its signals are heard if it is a SIGNAL conversation. */
  follow(conversationId: string, conversation: ConversationRow | null): Promise<void>
}

/** Reads what a number stands for at the moment when it is told. */
export class Telling {
  readonly ctx: Context
  readonly #host: TellingHost

  constructor(ctx: Context, host: TellingHost) {
    this.ctx = ctx
    this.#host = host
  }

  async subject(kind: string, subjectId: string, removed: boolean, leadsTo: Position): Promise<Told> {
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

  async messages(pages: MessagePages, position: Position): Promise<Told> {
    const { bodies, next } = await messageEvents(this.ctx, this.#host.recent, pages.conversationId, pages)
    if (next === null) return { bodies, leadsTo: pages.leadsTo }
    return { bodies, leadsTo: position, rest: { ...pages, from: next } }
  }
}
