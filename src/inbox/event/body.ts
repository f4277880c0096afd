import type { SessionEndReason, SessionEvent, SharedExecution } from '../../context.ts'
import type { ShareableEvent } from '../../platform/graphql/shared/execution.ts'
import type { OpenSpan } from '../../platform/tracing/tracing.ts'
import type { ReceiptState } from './receipts.ts'
import type { LoadedChanges } from './recent-conversation.ts'
import type { Subjects } from './subjects.ts'

/** Current numbers of a conversation. */
export interface SignalState {
  conversationId: string
  version: number
  revision: number
  maxSeq: number
  messageCount: number
}

/** A change to signal: of a conversation's messages, its settings, or both. */
export interface SignalUpdate {
  state: SignalState
  messages: boolean
  revised: boolean
}

/** Fields of the events that have no subject, or that carry more than its key. */
interface Carried {
  MessagesChanged: { changes: LoadedChanges; viewerId: string; visibleFromSeq: number }
  ReceiptsChanged: ReceiptState
  ConversationSignal: { state: SignalState }
  ConversationRemoved: { conversationId: string }
  Checkpoint: { caughtUp: boolean; share: object | null }
  ResyncRequired: { reason: string }
  SessionExpiring: { at: Date }
  SessionEnded: { reason: SessionEndReason }
}

/** Fields of the events that carry only the key of a changed subject. */
type Keyed = {
  [Kind in keyof Subjects as Exclude<Subjects[Kind]['event'], keyof Carried>]: Record<
    Subjects[Kind]['key'],
    string
  >
}

export type EventType = keyof Carried | keyof Keyed

/** An event without its cursor. */
export type EventBody = {
  [Type in EventType]: { type: Type } & (Carried & Keyed)[Type]
}[EventType]

export type BodyOf<Type extends EventType> = Extract<EventBody, { type: Type }>

/** An event with the cursor of the position after it. */
export class InboxEvent implements ShareableEvent<SharedExecution> {
  readonly type: EventType
  readonly body: EventBody
  readonly cursor: string
  /** The span of its delivery, if it is traced. */
  span: OpenSpan | null = null

  constructor(body: EventBody, cursor: string) {
    this.type = body.type
    this.body = body
    this.cursor = cursor
  }

  get share(): object | null {
    switch (this.body.type) {
      case 'MessagesChanged':
        return this.body.changes
      case 'ConversationSignal':
        return this.body.state
      case 'ReceiptsChanged':
      case 'Checkpoint':
        return this.body.share
      default:
        return null
    }
  }

  mayShow({ lowestSeq }: SharedExecution): boolean {
    if (this.body.type !== 'MessagesChanged') return true
    const { changes, visibleFromSeq } = this.body
    return Math.min(changes.lowestSeq, lowestSeq) >= visibleFromSeq
  }

  isOutdated(): boolean {
    return this.body.type === 'MessagesChanged' && this.body.changes.isOutdated()
  }

  /** Only messages are loaded before delivery; everything else is read when the event is executed. */
  async reload(): Promise<InboxEvent | null> {
    if (this.body.type !== 'MessagesChanged') return this
    const { changes, viewerId } = this.body
    const fresh = await changes.reload()
    const visibleFromSeq = fresh?.visibleFrom.get(viewerId)
    if (!fresh || visibleFromSeq === undefined) return null
    const event = new InboxEvent(
      { type: 'MessagesChanged', changes: fresh, viewerId, visibleFromSeq },
      this.cursor,
    )
    event.span = this.span
    return event
  }
}

export const inboxEvent = (body: EventBody, cursor: string) => new InboxEvent(body, cursor)

export function sessionEventBody(event: SessionEvent): EventBody {
  return event.type === 'EXPIRING'
    ? { type: 'SessionExpiring', at: event.at }
    : { type: 'SessionEnded', reason: event.reason }
}
