import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Services } from '../../context.ts'
import { maskError } from '../../platform/graphql/mask.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { type Headers, sendJson, writeJson } from './send.ts'

/** Answers a failed request; all errors have one shape. */
export function refuseRequest(
  { log, outages, config }: Pick<Services, 'log' | 'outages' | 'config'>,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: Error,
): void {
  if (response.headersSent || hasDisconnected(request)) return void response.destroy()
  const send = request.complete ? sendJson : sendBeforeRest
  if (!(error instanceof HttpRefusal)) {
    const masked = maskError(new GraphQLError(error.message, { originalError: error }), {
      log,
      requestId,
      outages,
      config,
      viewer: null,
    })
    send(response, 500, { errors: [masked] })
    return
  }
  const { status, code, message, headers } = error
  log.info({ requestId, status, code }, 'request refused')
  const extensions = code === 'UNAVAILABLE' ? { code, retryable: true } : { code }
  send(response, status, { errors: [{ message, extensions }] }, headers)
}

const hasDisconnected = (request: IncomingMessage) => request.destroyed && !request.complete

/** How much of a refused request is read, and for how long. */
const restBytes = 16_777_216
const restMs = 10_000

/**
 * Answers a request that has not arrived completely. The response ends with it: a connection that is closed while its client
 * sends is reset, and the answer is lost.
 */
function sendBeforeRest(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  const { req: request } = response
  writeJson(response, status, body, { ...headers, connection: 'close' })
  const end = () => void response.end()
  const timer = setTimeout(end, restMs).unref()
  response.once('close', () => clearTimeout(timer))
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > restBytes) end()
  })
  request.once('end', end)
  // Before the body does it, when it closes, which would pause the request.
  request.unpipe().resume()
}
