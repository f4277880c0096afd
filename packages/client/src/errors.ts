/** A fault in the input. `path` is dotted: `input.content.text`. */
export interface Issue {
  path: string
  message: string
}

/** What the codes with details carry; every other code has no details. */
type Details =
  | { code: 'RATE_LIMITED'; retryAfterMs: number }
  | { code: 'INVALID_INPUT'; issues: readonly Issue[] }
  | { code: 'UNAUTHENTICATED'; reason: 'MISSING' | 'EXPIRED' | 'ENDED' }
  | { code: 'SUSPENDED'; until: string | null; reason: string | null }
  | { code: 'INTERNAL'; requestId: string | null }
  /** The server was not reached, or its answer was lost. */
  | { code: 'NETWORK' }
  | { code: PlainCode }

type PlainCode =
  | 'BAD_CREDENTIALS'
  | 'BLOCKED'
  | 'CONFLICT'
  | 'DOCUMENT_NOT_TRUSTED'
  | 'FORBIDDEN'
  | 'INTROSPECTION_DISABLED'
  | 'LIMIT_EXCEEDED'
  | 'MUTED'
  | 'NOT_FOUND'
  | 'NOT_FRIENDS'
  | 'OUTCOME_UNKNOWN'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'QUERY_TOO_COMPLEX'
  | 'SEARCH_UNAVAILABLE'
  | 'TOKEN_REUSED'
  | 'TOO_LATE'
  | 'UNAVAILABLE'
  /** The sending was cancelled, or its file was lost in a reload. */
  | 'CANCELLED'
  | 'FILE_LOST'

/** An error of the server or of the network; the code decides which details it has. */
export type ParlanceError = Error & Details & { readonly extensions: Readonly<Record<string, unknown>> }

export type ErrorCode = ParlanceError['code']

class CodedError extends Error {
  readonly code: string
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, extensions: Record<string, unknown>) {
    super(message)
    this.name = 'ParlanceError'
    this.code = code
    this.extensions = extensions
    Object.assign(this, detailsOf(code, extensions))
  }
}

export const isParlanceError = (error: unknown): error is ParlanceError => error instanceof CodedError

export const errorWith = (
  code: ErrorCode,
  message: string,
  extensions: Record<string, unknown> = {},
): ParlanceError => new CodedError(code, message, extensions) as ParlanceError

export interface GraphQLError {
  message: string
  extensions?: Record<string, unknown>
}

/** The error of an answer. A server without a code, such as a proxy in front of it, counts as INTERNAL. */
export const errorOf = ({ message, extensions = {} }: GraphQLError): ParlanceError =>
  errorWith(
    (typeof extensions.code === 'string' ? extensions.code : 'INTERNAL') as ErrorCode,
    message,
    extensions,
  )

function detailsOf(code: string, extensions: Record<string, unknown>): object {
  const text = (name: string) => (typeof extensions[name] === 'string' ? extensions[name] : null)
  switch (code) {
    case 'RATE_LIMITED':
      return { retryAfterMs: Number(extensions.retryAfterMs) || 1_000 }
    case 'INVALID_INPUT':
      return { issues: Array.isArray(extensions.issues) ? extensions.issues : [] }
    case 'UNAUTHENTICATED':
      return { reason: text('reason') ?? 'EXPIRED' }
    case 'SUSPENDED':
      return { until: text('until'), reason: text('reason') }
    case 'INTERNAL':
      return { requestId: text('requestId') }
    default:
      return {}
  }
}
