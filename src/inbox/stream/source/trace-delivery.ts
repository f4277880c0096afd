import type { Tracing } from '../../../platform/tracing/tracing.ts'
import type { EventBatch } from './source.ts'

declare module '../../../platform/tracing/tracing.ts' {
  interface SpanFacts {
    'parlance.stream.seq'?: number
    'parlance.change'?: string
  }
}

interface TracedHint {
  kind: string
  subjectId: string
  /** Undefined if the change has no number in the stream. */
  streamSeq?: number
  trace?: string
}

/** Reads the events of a hint in a span of the trace that caused it. The span stays open until the last frame is written. */
export function traceDelivery(
  tracing: Tracing | null,
  { trace, kind, subjectId, streamSeq }: TracedHint,
  userId: string,
  read: () => EventBatch | Promise<EventBatch>,
): EventBatch | Promise<EventBatch> {
  const facts = {
    'parlance.user.id': userId,
    ...(streamSeq !== undefined && { 'parlance.stream.seq': streamSeq }),
    'parlance.change': kind,
    ...(isOfConversation(kind) && { 'parlance.conversation.id': subjectId }),
  }
  const span = trace === undefined ? null : tracing?.follow(trace, 'CONSUMER', 'deliver to stream', facts)
  if (!span) return read()
  const batch = span.in(read)
  return batch instanceof Promise ? batch.then((done) => ({ ...done, span })) : { ...batch, span }
}

const isOfConversation = (kind: string) => kind === 'messages' || kind === 'conversation'
