import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Services } from '../../context.ts'
import { maskError } from '../../platform/graphql/mask.ts'
import type { Explorer } from '../explorer/explorer.ts'
import type { Health } from '../ops/health.ts'
import { acceptsHtml } from '../request/media-type.ts'
import { bytesPreflightHeaders, type Origins, preflightHeaders } from '../request/origins.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { limitRequestTime } from '../request/time.ts'
import { type Exchange, type GraphqlHandler, sendJson } from './graphql.ts'
import { serveMedia } from './media.ts'
import { serveUpload } from './upload.ts'

export const graphqlPath = '/graphql'

export interface HttpParts {
  services: Services
  origins: Origins
  graphql: GraphqlHandler
  explorer: Explorer
  health: Health
}

/** The gate: every request passes here, and everything that is refused is refused in one shape. */
export function createHttpServer(parts: HttpParts): Server {
  const options = {
    // Node's own limit would end an upload over a slow line, too; see limitRequestTime.
    requestTimeout: 0,
    headersTimeout: 10_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
  }
  return createServer(options, (request, response) => {
    const requestId = requestIdOf(request)
    // A stream without a listener would turn a broken connection into an uncaught error.
    request.on('error', ignoreError)
    response.on('error', ignoreError)
    if (!request.url?.startsWith('/uploads/')) limitRequestTime(request)
    prepareHeaders(response, requestId, parts.origins.headersFor(request))
    if (parts.health.draining) response.setHeader('connection', 'close')
    route(parts, request, response, requestId).catch((error: Error) =>
      refuseRequest(parts, request, response, requestId, error),
    )
  })
}

async function route(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) {
  const url = new URL(request.url ?? '/', 'http://local')
  const { pathname } = url
  if (pathname === graphqlPath) return serveGraphql(parts, { request, response, url, requestId })
  if (pathname.startsWith(`${graphqlPath}/assets/`))
    return parts.explorer.serveAsset(request, response, pathname)
  if (pathname.startsWith('/media/') || pathname.startsWith('/uploads/'))
    return serveBytes(parts, request, response, url)
  if (pathname === '/live') return sendJson(response, 200, { live: true })
  if (pathname === '/ready') {
    const state = await parts.health.check()
    return sendJson(response, state.ready ? 200 : 503, state)
  }
  if (pathname === '/') return void response.writeHead(302, { location: graphqlPath }).end()
  throw new HttpRefusal(404, 'NOT_FOUND', `There is nothing at ${pathname}; GraphQL is at ${graphqlPath}.`)
}

async function serveBytes(
  { services }: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  if (request.method === 'OPTIONS') return void response.writeHead(204, bytesPreflightHeaders).end()
  if (url.pathname.startsWith('/uploads/')) return serveUpload(services, request, response, url)
  return serveMedia(services, request, response, url)
}

async function serveGraphql({ origins, explorer, graphql }: HttpParts, exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  if (request.method === 'GET' && acceptsHtml(request.headers.accept))
    return explorer.servePage(request, response)
  if (!origins.allows(request))
    throw new HttpRefusal(403, 'FORBIDDEN', 'This origin is not allowed; see ALLOWED_ORIGINS.')
  if (request.method === 'OPTIONS') return void response.writeHead(204, preflightHeaders).end()
  return graphql(exchange)
}

function ignoreError(): void {}

const saneId = /^[\w.:-]{1,64}$/

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && saneId.test(given) ? given : randomUUID()
}

function prepareHeaders(response: ServerResponse, requestId: string, cors: Record<string, string>): void {
  const headers = {
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    ...cors,
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

function refuseRequest(
  { services }: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: Error,
): void {
  // The client went away in the middle of its request.
  if (request.errored || response.destroyed) return
  if (!request.complete) discardRest(request, response)
  const { log } = services
  if (!(error instanceof HttpRefusal)) {
    const masked = maskError(new GraphQLError(error.message, { originalError: error }), { log, requestId })
    sendJson(response, 500, { errors: [masked] })
    return
  }
  const { status, code, message, headers } = error
  log.info({ requestId, status, code }, 'request refused')
  const extensions = code === 'UNAVAILABLE' ? { code, retryable: true } : { code }
  sendJson(response, status, { errors: [{ message, extensions }] }, headers)
}

const goodbyeMs = 500

/** Closed at once, the connection would be reset under a client that is still sending, and the answer lost with it. */
function discardRest(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close')
  request.resume()
  response.on('finish', () => {
    setTimeout(() => request.destroy(), goodbyeMs).unref()
  })
}
