import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'

/** One request and its response. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The target of the request, normalised once; every decision by path uses this one. */
  readonly url: URL
  readonly requestId: string
  /** Sends 100 Continue to a client that waits for it; call it before reading the body. */
  expectBody(): void
}

/**
 * The body as a separate stream. A refusal destroys this stream and leaves the connection able to carry the response; a
 * client that disconnects ends it with an error.
 */
export function bodyOf({ request, expectBody }: Exchange): Readable {
  const body = new PassThrough()
  const disconnected = () => {
    if (!body.writableEnded) body.destroy(new Error('The client disconnected.'))
  }
  body.on('error', () => {})
  body.on('close', () => {
    request.off('close', disconnected)
    request.unpipe(body)
  })
  // The client may have disconnected during a database query.
  if (request.destroyed) process.nextTick(disconnected)
  request.on('close', disconnected)
  expectBody()
  request.pipe(body)
  return body
}
