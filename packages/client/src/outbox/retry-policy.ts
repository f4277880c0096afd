import type { ParlanceError } from '../errors.ts'

/** What follows from the error of a send: the same send again after a pause, or the end of the item. */
export type Retry = { retryAfterMs: number | null } | 'never'

/** null: the usual pauses. Whether a message was stored is unknown or irrelevant, since its key is the same. */
export function retryOf(error: ParlanceError): Retry {
  switch (error.code) {
    case 'RATE_LIMITED':
      return { retryAfterMs: error.retryAfterMs }
    case 'NETWORK':
    case 'OUTCOME_UNKNOWN':
    case 'UNAVAILABLE':
    case 'UNAUTHENTICATED':
      return { retryAfterMs: null }
    default:
      return 'never'
  }
}
