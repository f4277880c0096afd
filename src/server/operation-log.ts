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
  const durationMs = Math.round(performance.now() - since)
  const codes = [...new Set(errors.map(codeOf))]
  if (codes.length === 0) log.debug({ ...fields, durationMs }, 'operation')
  else if (codes.some((code) => failures.has(code)))
    log.error({ ...fields, durationMs, codes }, 'operation failed')
  else log.info({ ...fields, durationMs, codes }, 'operation refused')
}
