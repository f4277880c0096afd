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
  | { code: 'SUSPENDED'; until: string | null; suspensionReason: string | null }
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

/** Details that a proxy in front of the server may leave out. */
const defaults: Record<string, object> = {
  RATE_LIMITED: { retryAfterMs: 1_000 },
  INVALID_INPUT: { issues: [] },
  UNAUTHENTICATED: { reason: 'EXPIRED' },
  SUSPENDED: { until: null, suspensionReason: null },
  INTERNAL: { requestId: null },
}

class CodedError extends Error {
  readonly code: string
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, extensions: Readonly<Record<string, unknown>>) {
    super(message)
    this.name = 'ParlanceError'
    this.code = code
    this.extensions = extensions
    Object.assign(this, defaults[code], extensions)
  }
}

export const isParlanceError = (error: unknown): error is ParlanceError => error instanceof CodedError

export const errorWith = (
  code: ErrorCode,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): ParlanceError => new CodedError(code, message, extensions) as ParlanceError

/** A payload is null only with an error, so that its absence is a fault of the transfer. */
export function present<Payload>(payload: Payload | null | undefined): Payload {
  if (payload) return payload
  throw errorWith('NETWORK', 'The answer is incomplete.')
}

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
