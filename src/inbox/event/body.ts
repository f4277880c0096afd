import type { SessionEndReason, SessionNotice, SharedExecution } from '../../context.ts'
import type { ShareableEvent } from '../../platform/graphql/shared/execution.ts'
import type { ReceiptState } from './receipts.ts'
import type { LoadedChanges } from './recent-changes.ts'
import type { Subjects } from './subjects.ts'

/** Where a SIGNAL conversation has come to. */
export interface SignalState {
  conversationId: string
  version: number
  revision: number
  maxSeq: number
  messageCount: number
}

/** What is new in a SIGNAL conversation: its messages, the conversation itself, or both. */
export interface SignalNews {
  state: SignalState
  messages: boolean
  revised: boolean
}

/** What events carry that are not of a subject, or carry more than its key. */
interface Carried {
  MessagesChanged: { changes: LoadedChanges; visibleFromSeq: number }
  ReceiptsChanged: ReceiptState
  ConversationSignal: { state: SignalState }
  ConversationRemoved: { conversationId: string }
  Checkpoint: { caughtUp: boolean; share: object | null }
  ResyncRequired: { reason: string }
  SessionExpiring: { at: Date }
  SessionEnded: { reason: SessionEndReason }
}

/** What events carry that say of a subject only that it changed. */
type Keyed = {
  [Kind in keyof Subjects as Exclude<Subjects[Kind]['event'], keyof Carried>]: Record<
    Subjects[Kind]['key'],
    string
  >
}

export type EventType = keyof Carried | keyof Keyed

/** What an event says, before it has a cursor. */
export type EventBody = {
  [Type in EventType]: { type: Type } & (Carried & Keyed)[Type]
}[EventType]

export type InboxEvent = ShareableEvent & { body: EventBody }

export type BodyOf<Type extends EventType> = Extract<EventBody, { type: Type }>

/** A body becomes an event with the place in the stream that it leads to. */
export function inboxEvent(body: EventBody, cursor: string): InboxEvent {
  return {
    type: body.type,
    body,
    cursor,
    share: shareOf(body),
    mayShow: (execution) => mayShow(body, execution),
  }
}

function shareOf(body: EventBody): object | null {
  switch (body.type) {
    case 'MessagesChanged':
      return body.changes
    case 'ConversationSignal':
      return body.state
    case 'ReceiptsChanged':
    case 'Checkpoint':
      return body.share
    default:
      return null
  }
}

function mayShow(body: EventBody, execution: SharedExecution): boolean {
  if (body.type !== 'MessagesChanged') return true
  const lowest = body.changes.messages.reduce(
    (seq, message) => Math.min(seq, message.seq),
    execution.lowestSeq,
  )
  return lowest >= body.visibleFromSeq
}

export function noticeBody(notice: SessionNotice): EventBody {
  return notice.type === 'EXPIRING'
    ? { type: 'SessionExpiring', at: notice.at }
    : { type: 'SessionEnded', reason: notice.reason }
}
