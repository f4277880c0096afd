/**
 * What a span may say; slices declare further facts. Ids, names and numbers only: content, tokens and addresses of users
 * have no attribute.
 */
export interface SpanFacts {
  'graphql.operation.type'?: string
  'graphql.operation.name'?: string
  'graphql.field.name'?: string
  'http.response.status_code'?: number
  'server.address'?: string
  'db.system.name'?: 'postgresql' | 'redis'
  'db.operation.name'?: string
  /** The text of a statement with placeholders, shortened. */
  'db.query.text'?: string
  'error.type'?: string
  'parlance.request.id'?: string
  'parlance.transport'?: 'http' | 'websocket'
  'parlance.user.id'?: string
  'parlance.session.id'?: string
  'parlance.codes'?: string[]
  'parlance.batch.size'?: number
}

/** SERVER: work for a client. CONSUMER: work that another transaction left. CLIENT: a request to another system. */
export type SpanRole = 'SERVER' | 'INTERNAL' | 'CLIENT' | 'PRODUCER' | 'CONSUMER'

/** A sampled span that is still open. */
export interface OpenSpan {
  readonly traceparent: string
  /** Runs work with this as the current span. */
  in<Result>(work: () => Result): Result
  /** Opens a child. */
  child(role: SpanRole, name: string, facts?: SpanFacts): OpenSpan
  set(facts: SpanFacts): void
  /** Ends it; an error is recorded by its code or name, without its message. */
  end(error?: unknown): void
}

/** A part of a batch: what it changes, and the span that asked for it. */
export interface BatchPart {
  subjectId: string
  span: OpenSpan | null
}

/** Records what happens as spans of W3C traces. Only sampled work has spans; null stands for the others. */
export interface Tracing {
  /**
   * Opens the span of work for a client. It continues the client's trace. The trace id decides whether it is sampled, not
   * the client's flag: otherwise any client could have all of its requests recorded.
   */
  serve(name: string, parent: string | null, facts: SpanFacts): OpenSpan | null
  /** Opens a span that work on another process, or an earlier transaction, caused. */
  follow(parent: string, role: SpanRole, name: string, facts: SpanFacts): OpenSpan | null
  /** Opens a child of the current span, while that is open. */
  child(role: SpanRole, name: string, facts?: SpanFacts): OpenSpan | null
  /** The current span, while it is open. */
  current(): OpenSpan | null
  /** The traceparent of what causes a change of this subject now. */
  causeOf(subjectId: string): string | undefined
  /**
   * Runs a batch as a span. It is a child of the first sampled part; the others and it link to each other. What it changes
   * is caused by the parts.
   */
  batch<Result>(name: string, parts: readonly BatchPart[], work: () => Promise<Result>): Promise<Result>
  /** Runs work that several causes share outside of any span. */
  outside<Result>(work: () => Result): Result
  /** Sends the spans that wait, within a limit. */
  close(): Promise<void>
}

/** Runs work in a span and ends it, or without one. */
export async function inSpan<Result>(span: OpenSpan | null, work: () => Promise<Result>): Promise<Result> {
  if (!span) return work()
  try {
    const result = await span.in(work)
    span.end()
    return result
  } catch (error) {
    span.end(error)
    throw error
  }
}
