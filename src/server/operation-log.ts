import type { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import type { ErrorCode } from '../errors.ts'
import { codeOf } from '../platform/graphql/mask.ts'

export interface OperationLog {
  requestId: string
  /** The name that the client gave it. */
  operation: string | undefined
  type: string | undefined
  since: number
}

const failures = new Set<ErrorCode>(['INTERNAL', 'UNAVAILABLE', 'OUTCOME_UNKNOWN'])

/** One line for one operation. Codes, never messages: those may repeat what the client sent. */
export function reportOperation(
  log: Logger,
  entry: OperationLog,
  errors: readonly GraphQLError[] = [],
): void {
  const { since, ...fields } = entry
  const codes = [...new Set(errors.map(codeOf))]
  const level = codes.some((code) => failures.has(code)) ? 'error' : codes.length > 0 ? 'info' : 'debug'
  log[level](
    { ...fields, durationMs: Math.round(performance.now() - since), ...(codes.length > 0 ? { codes } : {}) },
    codes.length > 0 ? 'operation refused' : 'operation',
  )
}
