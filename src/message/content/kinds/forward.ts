import type { ConversationKind, MessageKind } from '../../../platform/db/generated/enums.ts'
import type { AnyContent, Kind } from './definition.ts'
import { forwardSummary } from './labels.ts'

/** A snapshot of messages: names, times and contents at forwarding. */
export interface ForwardBody {
  forward_type: 'merged'
  source_conversation_type: 'direct' | 'group'
  source_conversation_name: string
  messages: ForwardedBody[]
  summary: string
}

export interface ForwardedBody {
  original_sender_name: string
  /** Milliseconds since 1970. */
  timestamp: number
  /** The content with its kind in lower case. */
  content: { type: string; body?: object }
}

/** The content of a forwarded message. */
export function forwardedContent({ content: { type, ...content } }: ForwardedBody): AnyContent {
  return { kind: type.toUpperCase() as MessageKind, content }
}

/** A message to put into a snapshot. */
export interface Forwardable extends AnyContent {
  senderName: string
  sentAt: Date
}

export interface ForwardSource {
  kind: ConversationKind
  title: string
}

/** A snapshot of messages, with a summary in the language of `said`. */
export function snapshotOf(messages: Forwardable[], source: ForwardSource, said: string): ForwardBody {
  return {
    forward_type: 'merged',
    source_conversation_type: source.kind === 'GROUP' ? 'group' : 'direct',
    source_conversation_name: source.title,
    messages: messages.map(({ kind, content, senderName, sentAt }) => ({
      original_sender_name: senderName,
      timestamp: sentAt.getTime(),
      content: { ...content, type: kind.toLowerCase() },
    })),
    summary: forwardSummary(messages.length, said),
  }
}

/** Nesting depth of forwards: 0 for other content, 1 for a forward without forwards. */
export function forwardDepth({ kind, content }: AnyContent): number {
  if (kind !== 'FORWARD') return 0
  return 1 + Math.max(0, ...(content as ForwardBody).messages.map(forwardedContent).map(forwardDepth))
}

export const forwardKind: Kind<ForwardBody> = {
  description: 'Forwarded messages.',
  typeName: 'ForwardContent',
  since: 2,
  plainText: ({ summary }) => summary,
  searchText: ({ messages }, nested) =>
    messages
      .map((message) => nested.searchText(forwardedContent(message)))
      .filter((text) => text !== null)
      .join('\n') || null,
  mediaIds: ({ messages }, nested) =>
    messages.flatMap((message) => nested.mediaIds(forwardedContent(message))),
}
