import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { GraphQLError, OperationTypeNode } from 'graphql'
import { authenticate } from '../../auth/authenticate.ts'
import { createContext, type Services, type Viewer } from '../../context.ts'
import { type ErrorCode, Refusal, unauthenticated } from '../../errors.ts'
import { codeOf, maskError } from '../../platform/graphql/mask.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { answerTooLate, type Executor } from '../execution/executor.ts'
import { reportOperation } from '../execution/operation-log.ts'
import { type AuthorizeOperation, ignoresToken, isRefused, type OperationRequest } from '../gate/authorize.ts'
import { type ExplorerPasses, explorerPassHeader } from '../gate/explorer-pass.ts'
import { readJsonBody } from '../request/body.ts'
import type { ReadClient } from '../request/client.ts'
import { parametersOf, parametersOfUrl } from '../request/graphql-parameters.ts'
import { type MediaType, mediaTypeFor } from '../request/media-type.ts'
import { badRequest, HttpRefusal } from '../request/refusal.ts'
import { readSchemaVersion } from '../request/schema-version.ts'
import type { Exchange } from './exchange.ts'
import { sendText } from './send.ts'

/** Serves an operation over HTTP; throws HttpRefusal if the request is not an operation. */
export type GraphqlHandler = (exchange: Exchange) => Promise<void>

export function createGraphqlHandler(parts: {
  services: Services
  authorizeOperation: AuthorizeOperation
  executor: Executor
  readClient: ReadClient
  /** Of GraphiQL; null if it is off. */
  passes: ExplorerPasses | null
}): GraphqlHandler {
  const { services, authorizeOperation, executor, readClient, passes } = parts

  return async (exchange) => {
    const { request, requestId } = exchange
    const mediaType = mediaTypeFor(request.headers.accept)
    if (!mediaType)
      throw new HttpRefusal(
        406,
        'INVALID_INPUT',
        'Accept application/json or application/graphql-response+json.',
      )
    if (executor.overloaded)
      throw new HttpRefusal(503, 'UNAVAILABLE', 'The server is overloaded; retry.', { 'retry-after': '1' })

    const parameters = await parametersIn(exchange, services.config.limits.bodyBytes)
    const fromExplorer = passes?.accepts(request.headers[explorerPassHeader])
    // One deadline for everything that the server does for the request, after its body has arrived.
    const deadline = new Deadline(services.config.limits.requestDeadlineMs)
    const { log, outages, config } = services
    const report = { log, outages, config, requestId }
    const since = performance.now()
    const refuseAll = (errors: readonly GraphQLError[], viewer: Viewer | null = null) => {
      const masked = errors.map((error) => maskError(error, { ...report, viewer }))
      reportOperation(services, { requestId, operation: undefined, type: undefined, since }, masked)
      return respond(exchange, mediaType, { errors: masked })
    }

    const schemaVersion = schemaVersionIn(request)
    const session = await deadline
      .race(viewerOf(services, request.headers.authorization), () => Promise.reject(answerTooLate()))
      .catch(asGraphQLError)
    const viewer = session instanceof GraphQLError ? null : session
    const operation = authorizeOperation({ ...parameters, fromExplorer }, viewer)
    // Clients sign in and refresh the token while they still send the expired one.
    if (session instanceof GraphQLError && !isTokenIgnored(session, operation)) return refuseAll([session])
    if (isRefused(operation)) return refuseAll(operation, viewer)
    if (viewer) services.presence.hub.noteActivity(viewer.userId)
    assertMethod(request, operation.type)

    const { origin, address, language } = readClient(request)
    const result = await executor.execute({
      operation,
      document: operation.document,
      operationName: operation.name,
      variableValues: parameters.variables,
      contextValue: createContext(services, {
        viewer,
        requestId,
        traceparent: traceparentIn(request.headers),
        deadline,
        origin,
        viewerAddress: address,
        schemaVersion,
        language,
      }),
    })
    await respond(exchange, mediaType, result)
  }
}

const traceparentIn = ({ traceparent }: IncomingHttpHeaders) =>
  typeof traceparent === 'string' ? traceparent : null

export function schemaVersionIn({ headers }: IncomingMessage): number | null {
  const version = readSchemaVersion(headers['x-schema-version'])
  if (version === undefined) throw badRequest('X-Schema-Version must be a whole number, such as 2.')
  return version
}

async function parametersIn(exchange: Exchange, limit: number): Promise<OperationRequest> {
  const { request, url, expectBody } = exchange
  if (request.method === 'POST') return parametersOf(await readJsonBody(request, limit, expectBody))
  if (request.method === 'GET') return parametersOfUrl(url.searchParams)
  throw new HttpRefusal(405, 'INVALID_INPUT', 'Send GraphQL operations by POST or GET.', {
    allow: 'POST, GET',
  })
}

function assertMethod(request: IncomingMessage, type: OperationTypeNode): void {
  if (type === OperationTypeNode.SUBSCRIPTION)
    throw new HttpRefusal(
      400,
      'INVALID_INPUT',
      'Subscriptions need a WebSocket with the subprotocol graphql-transport-ws, or Accept: text/event-stream.',
    )
  if (request.method === 'GET' && type !== OperationTypeNode.QUERY)
    throw new HttpRefusal(405, 'INVALID_INPUT', 'Send mutations by POST.', {
      allow: 'POST',
    })
}

/** The viewer of a request; null without a token. */
export async function viewerOf(
  services: Services,
  authorization: string | undefined,
): Promise<Viewer | null> {
  if (authorization === undefined) return null
  const token = bearerToken(authorization)
  if (token === null)
    throw unauthenticated('MISSING', 'The Authorization header must be "Bearer" and an access token.')
  return (await authenticate(services, token)).viewer
}

export const bearerToken = (authorization: string) => authorization.match(/^Bearer +(\S+)$/i)?.[1] ?? null

const isTokenIgnored = (error: GraphQLError, operation: ReturnType<AuthorizeOperation>) =>
  isUnauthenticated(error.originalError) && !isRefused(operation) && ignoresToken(operation)

const isUnauthenticated = (error: unknown) => error instanceof Refusal && error.code === 'UNAUTHENTICATED'

const asGraphQLError = (error: Error) => new GraphQLError(error.message, { originalError: error })

const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  OUTCOME_UNKNOWN: 504,
}

/**
 * A result without data has the HTTP status of its error in graphql-response+json only. In plain JSON a client cannot
 * distinguish it from a response of an intermediary, and the specification requires 200.
 */
function respond(
  exchange: Exchange,
  mediaType: MediaType,
  result: { data?: unknown; errors?: readonly GraphQLError[] },
): Promise<void> {
  const [first] = result.errors ?? []
  const failed = first && !('data' in result) && mediaType !== 'application/json'
  const status = failed ? (statuses[codeOf(first)] ?? 400) : 200
  return sendText(exchange, status, JSON.stringify(result), {
    'content-type': `${mediaType}; charset=utf-8`,
    'cache-control': 'no-store',
    ...retryAfter(result.errors),
  })
}

// For generic HTTP clients; the exact time is in the extensions.
function retryAfter(errors: readonly GraphQLError[] = []): Record<string, string> {
  const waits = errors.map(({ extensions }) => extensions.retryAfterMs)
  const longest = Math.max(0, ...waits.filter((wait) => typeof wait === 'number'))
  return longest > 0 ? { 'retry-after': String(Math.ceil(longest / 1_000)) } : {}
}
