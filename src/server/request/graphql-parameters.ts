import type { OperationRequest } from '../execution/authorize.ts'
import { parseJson } from './body.ts'
import { badRequest } from './refusal.ts'

/** A request that names its document by a hash; the client repeats it with the document. */
export class PersistedQuery extends Error {
  override name = 'PersistedQuery'
}

/** The parameters of a POST. */
export function parametersOf(body: unknown): OperationRequest {
  if (Array.isArray(body)) throw badRequest('Send one operation per request; batches are not supported.')
  if (!isRecord(body)) throw badRequest('The request must be a JSON object with a query.')
  const { query, operationName, variables, extensions } = body
  if (isAbsent(query) && isRecord(extensions) && 'persistedQuery' in extensions) throw new PersistedQuery()
  if (typeof query !== 'string') throw badRequest('query must be a string.')
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    throw badRequest('operationName must be a string.')
  if (!isAbsent(variables) && !isRecord(variables)) throw badRequest('variables must be an object.')
  if (!isAbsent(extensions) && !isRecord(extensions)) throw badRequest('extensions must be an object.')
  return { query, operationName, variables }
}

/** The parameters of a GET; variables and extensions are JSON. */
export function parametersOfUrl(search: URLSearchParams): OperationRequest {
  const json = (name: string) => {
    const text = search.get(name)
    return text ? parseJson(text) : null
  }
  return parametersOf({
    query: search.get('query') ?? undefined,
    operationName: search.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  })
}

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
