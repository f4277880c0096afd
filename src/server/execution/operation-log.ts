import type { GraphQLError } from 'graphql'
import type { Services } from '../../context.ts'
import type { ErrorCode } from '../../errors.ts'
import { codeOf } from '../../platform/graphql/mask.ts'

export interface OperationLog {
  requestId: string
  /** Name of the operation in the document. */
  operation: string | undefined
  type: string | undefined
  userId?: string | undefined
  sessionId?: string | undefined
  since: number
}

const failures = new Set<ErrorCode>(['INTERNAL', 'UNAVAILABLE', 'OUTCOME_UNKNOWN'])

/** Logs one line per operation, with codes and without messages, which may repeat what the client sent. */
export function reportOperation(
  { log, metrics, maintenance }: Pick<Services, 'log' | 'metrics' | 'maintenance'>,
  entry: OperationLog,
  errors: readonly GraphQLError[] = [],
): void {
  const { since, ...fields } = entry
  const elapsedMs = performance.now() - since
  const durationMs = Math.round(elapsedMs)
  const codes = [...new Set(errors.map(codeOf))]
  metrics.operation(entry.type ?? 'none', codes[0] ?? 'OK', elapsedMs / 1000)
  if (codes.length === 0) log.debug({ durationMs, ...fields }, 'operation')
  else if (codes.some((code) => failures.has(code) && !(code === 'UNAVAILABLE' && maintenance.current)))
    log.error({ ...fields, durationMs, codes }, 'operation failed')
  else log.info({ ...fields, durationMs, codes }, 'operation refused')
}
