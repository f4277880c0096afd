import type { GraphQLError } from 'graphql'
import type { Config } from '../../config.ts'
import type { Viewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { Variables } from '../../platform/graphql/cost.ts'
import { tooComplex } from '../../platform/graphql/document-limits.ts'
import type { Documents, PreparedOperation } from '../../platform/graphql/documents.ts'
import { refusedAs } from '../../platform/graphql/mask.ts'

/** An operation as a client sends it, over HTTP or graphql-transport-ws. */
export interface OperationRequest {
  query: string
  operationName?: string | null
  variables?: Record<string, unknown> | null
}

export interface Admission {
  admit(request: OperationRequest, viewer: Viewer | null): PreparedOperation | readonly GraphQLError[]
}

export const isRefused = (
  admitted: PreparedOperation | readonly GraphQLError[],
): admitted is readonly GraphQLError[] => Array.isArray(admitted)

/** Parses, validates and authorises an operation before it runs. */
export function createAdmission(config: Config, documents: Documents): Admission {
  return {
    admit({ query, operationName, variables }, viewer) {
      const prepared = documents.prepare(query, operationName)
      if (isRefused(prepared)) return prepared
      // With the embedded database, GraphiQL needs the schema before a user can sign in.
      if (prepared.introspects && !viewer && config.databaseUrl)
        return [refusedAs(refuse('UNAUTHENTICATED', 'Sign in to read the schema.'))]
      const { queryCost } = config.limits
      const cost = prepared.cost(variables ?? noVariables)
      return cost > queryCost ? [refusedAs(tooComplex('cost of the operation', queryCost, cost))] : prepared
    },
  }
}

const noVariables: Variables = {}
