import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'

/** One request and its response. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The target of the request, normalised once; everything that decides by path uses this one. */
  readonly url: URL
  readonly requestId: string
  /** Asks a client that waits for 100 Continue to send the body; to be called before the body is read. */
  expectBody(): void
}

/**
 * The body as a stream of its own. A refusal destroys this stream and leaves the connection able to carry the answer; a
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
  // It may have disconnected while the database was asked.
  if (request.destroyed) process.nextTick(disconnected)
  request.on('close', disconnected)
  expectBody()
  request.pipe(body)
  return body
}
