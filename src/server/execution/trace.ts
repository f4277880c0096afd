import type { ExecutionResult } from 'graphql'
import type { Context, Services } from '../../context.ts'
import { codeOf } from '../../platform/graphql/mask.ts'
import type { AuthorizedOperation } from '../gate/authorize.ts'

/** Runs an operation as a span of the client's trace, if traces are on and it is sampled. */
export async function traceOperation<Result extends object>(
  { tracing }: Services,
  { operation, contextValue }: { operation: AuthorizedOperation; contextValue: Context },
  work: () => Promise<Result>,
): Promise<Result> {
  const { requestId, viewer, socket, traceparent } = contextValue
  const { type, name } = operation
  const span = tracing?.serve(name ? `${type} ${name}` : type, traceparent, {
    'graphql.operation.type': type,
    ...(name && { 'graphql.operation.name': name }),
    'parlance.request.id': requestId,
    'parlance.transport': socket ? 'websocket' : 'http',
    ...(viewer && { 'parlance.user.id': viewer.userId, 'parlance.session.id': viewer.sessionId }),
  })
  if (!span) return work()
  const result = await span.in(work)
  const codes = [...new Set(('errors' in result ? (result as ExecutionResult).errors : [])?.map(codeOf))]
  if (codes.length > 0) span.set({ 'parlance.codes': codes })
  span.end()
  return result
}
