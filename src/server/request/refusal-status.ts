import type { ErrorCode } from '../../errors.ts'

const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  SUSPENDED: 403,
  FORBIDDEN: 403,
  INTROSPECTION_DISABLED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  LIMIT_EXCEEDED: 413,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
}

/** HTTP status of an error where the response is not GraphQL. */
export const statusOf = (code: ErrorCode): number => statuses[code] ?? 400
