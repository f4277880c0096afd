import type { OperationRequest } from '../gate/authorize.ts'
import type { DocumentReference } from '../gate/resolve.ts'
import { parseJson } from './body.ts'
import { badRequest } from './refusal.ts'

/** The parameters of a POST. */
export function parametersOf(body: unknown): OperationRequest {
  if (Array.isArray(body)) throw badRequest('Send one operation per request; batches are not supported.')
  if (!isRecord(body)) throw badRequest('The request must be a JSON object with a query.')
  const { query, operationName, variables, extensions } = body
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    throw badRequest('operationName must be a string.')
  if (!isAbsent(variables) && !isRecord(variables)) throw badRequest('variables must be an object.')
  if (!isAbsent(extensions) && !isRecord(extensions)) throw badRequest('extensions must be an object.')
  const ids = documentIdsIn(body)
  const isNamed = !isAbsent(ids.documentId) || !isAbsent(ids.sha256Hash)
  if (typeof query !== 'string' && !(isNamed && isAbsent(query)))
    throw badRequest('query must be a string, the text of the operation.')
  return { query, ...ids, operationName, variables }
}

/** The parameters of a GET; variables and extensions are JSON. */
export function parametersOfUrl(search: URLSearchParams): OperationRequest {
  const json = (name: string) => {
    const text = search.get(name)
    return text ? parseJson(text) : null
  }
  return parametersOf({
    query: search.get('query') ?? undefined,
    documentId: search.get('documentId'),
    doc_id: search.get('doc_id'),
    operationName: search.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  })
}

/**
 * The ids by which the parameters name a document: `documentId` of GraphQL over HTTP, `doc_id` of Relay, or the hash of
 * Apollo's persisted queries, which urql and yoga use, too. Throws if one is not a string.
 */
export function documentIdsIn(parameters: object): Pick<DocumentReference, 'documentId' | 'sha256Hash'> {
  const { documentId, doc_id: relayId, extensions } = parameters as Record<string, unknown>
  const persisted = isRecord(extensions) ? extensions.persistedQuery : undefined
  if (!isAbsent(persisted) && !isRecord(persisted))
    throw badRequest('extensions.persistedQuery must be an object.')
  const { version, sha256Hash } = persisted ?? {}
  if (!isAbsent(version) && version !== 1) throw badRequest('extensions.persistedQuery.version must be 1.')
  return {
    documentId: idOf('documentId', documentId ?? relayId),
    sha256Hash: idOf('extensions.persistedQuery.sha256Hash', sha256Hash),
  }
}

/** `extensions.operationId`, by which the results of an operation are found on a shared event stream. */
export function operationIdIn(parameters: unknown): string {
  const extensions = isRecord(parameters) ? parameters.extensions : undefined
  const id = isRecord(extensions) ? extensions.operationId : undefined
  if (typeof id !== 'string' || id === '' || id.length > operationIdMax)
    throw badRequest(`extensions.operationId must be a string of 1 to ${operationIdMax} characters.`)
  return id
}

const operationIdMax = 100

function idOf(name: string, id: unknown): string | null {
  if (isAbsent(id)) return null
  if (typeof id !== 'string') throw badRequest(`${name} must be a string.`)
  return id
}

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
