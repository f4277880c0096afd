import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Services } from '../../context.ts'
import type { Explorer } from '../explorer/explorer.ts'
import type { Health } from '../ops/health.ts'
import type { ReadClient } from '../request/client.ts'
import { acceptsHtml, wantsEvents } from '../request/media-type.ts'
import { bytesPreflightHeaders, type Origins, preflightHeaders } from '../request/origins.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { targetOf } from '../request/target.ts'
import { limitRequestTime } from '../request/time.ts'
import type { WebApp } from '../web/app.ts'
import type { Exchange } from './exchange.ts'
import type { GraphqlHandler } from './graphql.ts'
import { serveMedia } from './media.ts'
import { refuseRequest } from './refuse.ts'
import type { SdlHandler } from './sdl.ts'
import { sendJson } from './send.ts'
import { serveUpload } from './upload.ts'

export const graphqlPath = '/graphql'
const eventsPath = '/graphql/stream'

export interface HttpParts {
  services: Services
  origins: Origins
  graphql: GraphqlHandler
  /** null if it is off. */
  explorer: Explorer | null
  /** null if it is off. */
  web: WebApp | null
  sdl: SdlHandler
  /** GraphQL over server-sent events. */
  events: GraphqlHandler
  health: Health
  readClient: ReadClient
}

const ignore = () => {}

/** Every HTTP request is handled here, and is answered or its connection is destroyed. */
export function createHttpServer(parts: HttpParts): Server {
  const options = {
    // Node's request timeout would end slow uploads, too; see limitRequestTime.
    requestTimeout: 0,
    headersTimeout: 10_000,
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
  }
  const server = createServer(options, (request, response) => void serve(parts, request, response, ignore))
  // A client that waits for 100 Continue is refused before it sends the body.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    void serve(parts, request, response, () => response.writeContinue())
  })
  // A connection without traffic in either direction is destroyed.
  server.timeout = idleMs
  return server
}

const idleMs = 60_000

async function serve(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  expectBody: () => void,
): Promise<void> {
  const requestId = requestIdOf(request)
  // A stream without a listener would turn a broken connection into an uncaught error.
  request.on('error', ignore)
  response.on('error', ignore)
  try {
    prepareHeaders(response, requestId, parts.origins.headersFor(request))
    if (parts.health.draining) response.setHeader('connection', 'close')
    await route(parts, { request, response, url: targetOf(request), requestId, expectBody })
    if (!response.writableEnded) response.destroy()
  } catch (error) {
    refuseRequest(parts.services, request, response, requestId, error as Error)
  }
}

async function route(parts: HttpParts, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange
  const { pathname } = url
  const isUpload = pathname.startsWith('/uploads/')
  const { requestReceiveMs, uploadSeconds } = parts.services.config.limits
  limitRequestTime(request, response, isUpload ? uploadSeconds * 1_000 : requestReceiveMs)
  if (pathname === graphqlPath) return serveGraphql(parts, exchange)
  if (pathname === eventsPath) return serveEvents(parts, exchange)
  if (pathname === '/schema.graphql') return serveSdl(parts, exchange)
  if (parts.explorer && pathname.startsWith(`${graphqlPath}/assets/`))
    return parts.explorer.serveAsset(request, response, pathname)
  if (isUpload || pathname.startsWith('/media/')) return serveBytes(parts, exchange, isUpload)
  if (pathname === '/live') return sendJson(response, 200, { live: true })
  if (pathname === '/ready') {
    const state = await parts.health.check()
    const { ready, draining } = state
    // The details are for programs of this machine, and for those that reach the metrics port.
    const isLocal = parts.readClient(request).address === null
    return sendJson(response, ready ? 200 : 503, isLocal ? state : { ready, draining })
  }
  if (await parts.web?.serve(request, response, pathname)) return
  if (parts.explorer && pathname === '/') return void response.writeHead(302, { location: graphqlPath }).end()
  throw new HttpRefusal(404, 'NOT_FOUND', `Nothing is served at this path; GraphQL is at ${graphqlPath}.`)
}

async function serveBytes({ services }: HttpParts, exchange: Exchange, isUpload: boolean): Promise<void> {
  const { request, response, url } = exchange
  if (request.method === 'OPTIONS') return void response.writeHead(204, bytesPreflightHeaders).end()
  return isUpload ? serveUpload(services, exchange) : serveMedia(services, request, response, url)
}

async function serveGraphql(
  { origins, explorer, graphql, events }: HttpParts,
  exchange: Exchange,
): Promise<void> {
  const { request, response } = exchange
  if (explorer && request.method === 'GET' && acceptsHtml(request.headers.accept))
    return explorer.servePage(request, response)
  const isStream = ['GET', 'POST'].includes(request.method ?? '') && wantsEvents(request.headers.accept)
  return forAllowedOrigin(origins, exchange, () => (isStream ? events(exchange) : graphql(exchange)))
}

async function serveEvents({ origins, events }: HttpParts, exchange: Exchange): Promise<void> {
  return forAllowedOrigin(origins, exchange, () => events(exchange))
}

async function serveSdl({ origins, sdl }: HttpParts, exchange: Exchange): Promise<void> {
  return forAllowedOrigin(origins, exchange, () => sdl(exchange))
}

async function forAllowedOrigin(
  origins: Origins,
  { request, response }: Exchange,
  answer: () => Promise<void>,
): Promise<void> {
  const isAllowed = origins.allows(request)
  // A refused page may read the refusal and nothing else: without it, the browser says only that CORS failed.
  if (!isAllowed && request.headers.origin)
    response.setHeader('access-control-allow-origin', request.headers.origin)
  if (request.method === 'OPTIONS') return void response.writeHead(204, preflightHeaders).end()
  if (!isAllowed)
    throw new HttpRefusal(
      403,
      'FORBIDDEN',
      'The origin of this page is not allowed; the operator of the server can add it to ALLOWED_ORIGINS.',
    )
  return answer()
}

const saneId = /^[\w.:-]{1,64}$/

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && saneId.test(given) ? given : randomUUID()
}

function prepareHeaders(response: ServerResponse, requestId: string, cors: Record<string, string>): void {
  response.setHeader('x-request-id', requestId)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('referrer-policy', 'no-referrer')
  for (const name in cors) response.setHeader(name, cors[name] ?? '')
}
