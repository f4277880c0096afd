import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from '@opentelemetry/api'

/** The span of the work that runs now. */
export interface ActiveSpan {
  span: Span
  /** Of a batch: the traceparents of the spans that caused it, by the id of what each changed. */
  causes: ReadonlyMap<string, string> | null
}

/** Costs nothing before the first traced work runs, and nothing runs traced while traces are off. */
export const activeSpan = new AsyncLocalStorage<ActiveSpan | null>()

/** Fields of a log line that lead to its trace. */
export function traceFields(): { traceId?: string; spanId?: string } {
  const { traceId, spanId } = activeSpan.getStore()?.span.spanContext() ?? {}
  return traceId === undefined ? {} : { traceId, spanId }
}
