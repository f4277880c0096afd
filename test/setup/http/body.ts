import type { Readable } from 'node:stream'

/**
 * Everything that a request sends; null if its sender, such as a server that a test stops, leaves before the end. An
 * error here would fail the run without a failing test.
 */
export async function bodyOf(request: Readable): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    return null
  }
  // A stream of HTTP/2 that was reset ends without an error.
  return 'aborted' in request && request.aborted ? null : Buffer.concat(chunks)
}
