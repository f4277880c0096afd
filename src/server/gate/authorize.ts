import type { GraphQLError } from 'graphql'
import type { Config } from '../../config.ts'
import type { Viewer } from '../../context.ts'
import { Refusal, refuse, unauthenticated } from '../../errors.ts'
import type { Variables } from '../../platform/graphql/cost/compile.ts'
import { tooComplex } from '../../platform/graphql/document-limits.ts'
import type { Documents, PreparedOperation } from '../../platform/graphql/documents.ts'
import { refusedAs } from '../../platform/graphql/mask.ts'
import type { DocumentReference, ResolveDocument } from './resolve.ts'

/** An operation as a client sends it, over any transport. */
export interface OperationRequest extends DocumentReference {
  operationName?: string | null
  variables?: Record<string, unknown> | null
}

/** An operation that may run, with its cost for the given variables. */
export interface AuthorizedOperation extends PreparedOperation {
  actualCost: number
}

/** The operation, parsed, validated and within its limits, or the errors that it is refused with. */
export type AuthorizeOperation = (
  request: OperationRequest,
  viewer: Viewer | null,
) => AuthorizedOperation | readonly GraphQLError[]

export const isRefused = (
  operation: PreparedOperation | readonly GraphQLError[],
): operation is readonly GraphQLError[] => Array.isArray(operation)

/** Finds, parses, validates and authorises operations before they run. */
export function createAuthorization(
  config: Config,
  documents: Documents,
  resolve: ResolveDocument,
): AuthorizeOperation {
  return (request, viewer) => {
    const found = resolve(request)
    if (found instanceof Refusal) return [refusedAs(found)]
    const prepared = documents.prepare(found.source, request.operationName)
    if (isRefused(prepared)) return prepared
    if (found.persistAs) documents.persist(found.persistAs, found.source)
    const hidden = prepared.introspects ? schemaRefusal(config, viewer) : null
    if (hidden) return [refusedAs(hidden)]
    const { queryCost } = config.limits
    const actualCost = prepared.cost(request.variables ?? noVariables)
    return actualCost > queryCost
      ? [refusedAs(tooComplex('cost of the operation', queryCost, actualCost))]
      : { actualCost, ...prepared }
  }
}

const noVariables: Variables = {}

/** Why the viewer may not read the schema; null if they may. */
export function schemaRefusal(
  { introspection, databaseUrl }: Pick<Config, 'introspection' | 'databaseUrl'>,
  viewer: Viewer | null,
): Refusal | null {
  if (!introspection) return refuse('INTROSPECTION_DISABLED', 'The schema of this server cannot be read.')
  // With the embedded database, GraphiQL needs the schema before a user can sign in.
  return viewer || !databaseUrl ? null : unauthenticated('MISSING', 'Sign in to read the schema.')
}

const anonymousFields = new Set([
  'register',
  'login',
  'refreshSession',
  'requestPasswordReset',
  'resetPassword',
  'serverInfo',
  '__typename',
  '__schema',
  '__type',
])

/** Whether every root field can be used without a session. */
export const isAnonymous = ({ rootFields }: PreparedOperation): boolean =>
  [...rootFields].every((name) => anonymousFields.has(name))

/** Whether it is for clients that sign in, which may still send a token that is no longer valid. */
export const ignoresToken = (operation: PreparedOperation): boolean =>
  isAnonymous(operation) && [...operation.rootFields].some((name) => !name.startsWith('__'))
