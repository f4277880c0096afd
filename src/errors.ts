/** Why an operation was refused, as clients see it in `extensions.code`. */
export const errorCodes = {
  UNAUTHENTICATED: 'Sign in first, or sign in again: there is no valid access token.',
  BAD_CREDENTIALS: 'The handle and password, or the token, do not belong together.',
  TOKEN_REUSED: 'A refresh token was used twice; its session has been ended for safety.',
  SUSPENDED: 'The account is suspended.',
  FORBIDDEN: 'You can see it, but your role does not allow this.',
  NOT_FOUND: 'It does not exist, or it is not yours to see: the two answer alike.',
  INVALID_INPUT: 'The request is malformed; `extensions.issues` lists each fault with its path.',
  CONFLICT:
    'It contradicts what is already there, such as a handle that is taken or a key used for something else.',
  RATE_LIMITED: 'Too much in too short a time; try again after `extensions.retryAfterMs`.',
  TOO_LATE: 'The window for this has passed.',
  BLOCKED: 'You have blocked this person; unblock first.',
  NOT_FRIENDS: 'Only friends may do this here.',
  MUTED: 'You may not send in this conversation now.',
  LIMIT_EXCEEDED: 'It would grow past a limit; see `serverInfo.limits`.',
  QUERY_TOO_COMPLEX: 'The operation is too long, too deep, too wide or too costly.',
  SEARCH_UNAVAILABLE: 'Search is down; everything else works.',
  UNAVAILABLE: 'A part the server needs is down or overloaded; nothing was changed, and a retry may succeed.',
  OUTCOME_UNKNOWN: 'It may or may not have happened; a retry with the same key decides.',
  INTERNAL: 'A fault of the server; it has been logged under `extensions.requestId`.',
} as const

export type ErrorCode = keyof typeof errorCodes

/** What is wrong with which part of the input; `path` is dotted, such as `input.content.text`. */
export interface Issue {
  path: string
  message: string
}

/** A refusal the caller may see. Anything else that is thrown is masked and logged. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly details: Record<string, unknown>

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.details = details
  }
}

export function refuse(code: ErrorCode, message: string, details?: Record<string, unknown>): Refusal {
  return new Refusal(code, message, details)
}

export const isNotFound = (error: unknown): boolean => error instanceof Refusal && error.code === 'NOT_FOUND'

export function notFound(what: string): Refusal {
  return refuse('NOT_FOUND', `There is no such ${what}.`)
}

export function invalidInput(...issues: Issue[]): Refusal {
  const text = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
  return refuse('INVALID_INPUT', text, { issues })
}
