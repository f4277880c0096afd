/** Codes of refusals, in `extensions.code` of an error, and their meaning. */
export const errorCodes = {
  UNAUTHENTICATED: 'No valid access token. Sign in, or refresh the token.',
  BAD_CREDENTIALS: 'Incorrect handle, password or token.',
  TOKEN_REUSED:
    'A refresh token was used twice. Its session was ended, since the token may have been stolen.',
  SUSPENDED: 'The account is suspended.',
  FORBIDDEN: 'The viewer’s role does not allow the operation.',
  NOT_FOUND: 'The object does not exist, or the viewer may not see it.',
  INVALID_INPUT: 'The input is invalid; `extensions.issues` lists each fault with its path.',
  CONFLICT:
    'The operation contradicts the current state: a handle that is taken, or a key that was used for other input.',
  RATE_LIMITED: 'Rate limit exceeded; retry after `extensions.retryAfterMs`.',
  TOO_LATE: 'The time in which the operation is allowed has passed.',
  BLOCKED: 'The viewer has blocked the user; unblock first.',
  NOT_FRIENDS: 'The operation is allowed between friends only.',
  MUTED: 'The viewer is muted in the conversation.',
  LIMIT_EXCEEDED: 'A limit on size or number would be exceeded; see `serverInfo.limits`.',
  QUERY_TOO_COMPLEX: 'The operation exceeds a limit on length, depth, aliases or cost.',
  PERSISTED_QUERY_NOT_FOUND: 'The server knows no document of this id; send the document with its hash.',
  DOCUMENT_NOT_TRUSTED: 'The server accepts only the documents that its operator trusts.',
  INTROSPECTION_DISABLED: 'The schema of this server cannot be read.',
  SEARCH_UNAVAILABLE: 'Search is unavailable; everything else works.',
  UNAVAILABLE: 'The server is overloaded, or a part it needs is unavailable. Nothing was changed; retry.',
  OUTCOME_UNKNOWN: 'The outcome is unknown; retry with the same key.',
  INTERNAL: 'Internal error; logged with `extensions.requestId`.',
} as const

export type ErrorCode = keyof typeof errorCodes

/** Codes of refusals because the viewer lacks permission; NOT_FOUND is one, since it hides what the viewer may not see. */
export const lackOfPermission: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'NOT_FOUND',
  'FORBIDDEN',
  'BLOCKED',
  'NOT_FRIENDS',
  'MUTED',
])

/** A fault in the input. `path` is dotted, with the indexes of lists: `input.seqs.0`. */
export interface Issue {
  path: string
  message: string
}

/** Why a client has to authenticate: it sent no token, needs a fresh one, or has to sign in again. */
export type SignInReason = 'MISSING' | 'EXPIRED' | 'ENDED'

/** What an error says besides its code and message. `ErrorExtensions` in the schema describes each field. */
export interface ErrorDetails {
  issues?: readonly Issue[]
  limit?: number
  actual?: number
  retryAfterMs?: number
  reason?: SignInReason
  until?: string | null
  suspensionReason?: string
  userIds?: readonly string[]
  resync?: boolean
  requestId?: string
}

/** `extensions` of an error, as clients receive it. */
export interface ErrorExtensions extends ErrorDetails {
  code: ErrorCode
  retryable?: boolean
}

/** An error that is returned to the caller. All others are masked and logged. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.details = details
  }
}

export function refuse(code: ErrorCode, message: string, details?: ErrorDetails): Refusal {
  return new Refusal(code, message, details)
}

export const unauthenticated = (reason: SignInReason, message: string): Refusal =>
  refuse('UNAUTHENTICATED', message, { reason })

export const isNotFound = (error: unknown): boolean => error instanceof Refusal && error.code === 'NOT_FOUND'

export function notFound(what: string): Refusal {
  return refuse('NOT_FOUND', `There is no such ${what}.`)
}

export function invalidInput(...issues: Issue[]): Refusal {
  const text = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
  return refuse('INVALID_INPUT', text, { issues })
}
