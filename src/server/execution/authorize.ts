import type { GraphQLError } from 'graphql'
import type { Config } from '../../config.ts'
import type { Viewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { Variables } from '../../platform/graphql/cost.ts'
import { tooComplex } from '../../platform/graphql/document-limits.ts'
import type { Documents, PreparedOperation } from '../../platform/graphql/documents.ts'
import { refusedAs } from '../../platform/graphql/mask.ts'

/** What a client asks for, in the words of GraphQL over HTTP and of graphql-transport-ws. */
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

/** Decides on an operation before anything of it runs. */
export function createAdmission(config: Config, documents: Documents): Admission {
  return {
    admit({ query, operationName, variables }, viewer) {
      const prepared = documents.prepare(query, operationName)
      if (isRefused(prepared)) return prepared
      // The embedded database is for trying things out, and the explorer needs the schema before anyone can sign in.
      if (prepared.introspects && !viewer && config.databaseUrl)
        return [refusedAs(refuse('UNAUTHENTICATED', 'Sign in to read the schema.'))]
      const { queryCost } = config.limits
      const cost = prepared.cost(variables ?? noVariables)
      return cost > queryCost ? [refusedAs(tooComplex('cost of the operation', queryCost, cost))] : prepared
    },
  }
}

const noVariables: Variables = {}
