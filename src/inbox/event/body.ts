import type { SessionEndReason } from '../../auth/session/cache.ts'
import type { SessionNotice, SharedExecution } from '../../context.ts'
import type { ShareableEvent } from '../../platform/graphql/shared/execution.ts'
import type { LoadedChanges } from './recent-changes.ts'

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

/** What an event says, before it has a cursor. */
export type EventBody =
  | { type: 'MessagesChanged'; changes: LoadedChanges; visibleFromSeq: number }
  | { type: 'ConversationSignal'; state: SignalState }
  | { type: 'ConversationChanged'; conversationId: string }
  | { type: 'ConversationRemoved'; conversationId: string }
  | {
      type: 'ReceiptsChanged'
      conversationId: string
      userId: string
      readSeq: number
      deliveredSeq: number
      share: object | null
    }
  | { type: 'FriendRequestChanged'; requestId: string }
  | { type: 'FriendshipChanged'; userId: string }
  | { type: 'JoinRequestChanged'; joinRequestId: string }
  | { type: 'MeChanged' }
  | { type: 'UserChanged'; userId: string }
  | { type: 'MediaChanged'; mediaId: string }
  | { type: 'Checkpoint'; caughtUp: boolean; share: object | null }
  | { type: 'ResyncRequired'; reason: string }
  | { type: 'SessionExpiring'; at: Date }
  | { type: 'SessionEnded'; reason: SessionEndReason }

export type InboxEvent = ShareableEvent & { body: EventBody }

export type BodyOf<Type extends EventBody['type']> = Extract<EventBody, { type: Type }>

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
