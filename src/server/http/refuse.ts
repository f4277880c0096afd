import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Services } from '../../context.ts'
import { maskError } from '../../platform/graphql/mask.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { sendJson } from './send.ts'

/** Answers a failed request; all errors have one shape. */
export function refuseRequest(
  { log, outages, config }: Pick<Services, 'log' | 'outages' | 'config'>,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: Error,
): void {
  if (response.destroyed || hasDisconnected(request)) return
  if (!request.complete) discardRest(request, response)
  if (!(error instanceof HttpRefusal)) {
    const masked = maskError(new GraphQLError(error.message, { originalError: error }), {
      log,
      requestId,
      outages,
      config,
      viewer: null,
    })
    sendJson(response, 500, { errors: [masked] })
    return
  }
  const { status, code, message, headers } = error
  log.info({ requestId, status, code }, 'request refused')
  const extensions = code === 'UNAVAILABLE' ? { code, retryable: true } : { code }
  sendJson(response, status, { errors: [{ message, extensions }] }, headers)
}

const hasDisconnected = (request: IncomingMessage) => request.destroyed && !request.complete

const discardMs = 500

/** Closes late: closed at once, the connection of a client that still sends is reset and the response is lost. */
function discardRest(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close')
  request.resume()
  response.on('finish', () => {
    setTimeout(() => request.destroy(), discardMs).unref()
  })
}
