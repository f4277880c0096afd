import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api'
import { activeSpan } from './active.ts'
import type { OpenSpan, SpanFacts, SpanRole } from './tracing.ts'

/** A span of the SDK. */
export class SdkSpan implements OpenSpan {
  readonly span: Span
  readonly #causes: ReadonlyMap<string, string> | null
  readonly #begin: (parent: Span, role: SpanRole, name: string, facts: SpanFacts) => OpenSpan

  constructor(
    span: Span,
    begin: (parent: Span, role: SpanRole, name: string, facts: SpanFacts) => OpenSpan,
    causes: ReadonlyMap<string, string> | null = null,
  ) {
    this.span = span
    this.#begin = begin
    this.#causes = causes
  }

  get traceparent(): string {
    return traceparentOf(this.span)
  }

  in<Result>(work: () => Result): Result {
    return activeSpan.run({ span: this.span, causes: this.#causes }, work)
  }

  child(role: SpanRole, name: string, facts: SpanFacts = {}): OpenSpan {
    return this.#begin(this.span, role, name, facts)
  }

  set(facts: SpanFacts): void {
    this.span.setAttributes(facts as Attributes)
  }

  end(error?: unknown): void {
    if (error !== undefined) {
      this.set({ 'error.type': typeOf(error) })
      this.span.setStatus({ code: SpanStatusCode.ERROR })
    }
    this.span.end()
  }
}

export function traceparentOf(span: Span): string {
  const { traceId, spanId } = span.spanContext()
  return `00-${traceId}-${spanId}-01`
}

/** Messages of errors may repeat what users wrote. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
