import type { Access } from '../../auth/tokens.ts'
import type { ExplorerPasses } from '../gate/explorer-pass.ts'
import { explorerPassHeader } from '../gate/explorer-pass.ts'
import type { Exchange } from '../http/exchange.ts'
import { schemaVersionIn } from '../http/graphql.ts'
import type { ReadClient } from '../request/client.ts'
import { HttpRefusal } from '../request/refusal.ts'
import type { LiveSocket } from '../websocket/live-socket.ts'
import type { Websockets } from '../websocket/server.ts'
import { EventStream } from './event-stream.ts'
import type { EventFormat } from './format.ts'
import { type OperationParts, StreamOperations } from './operations.ts'

export interface EventParts extends OperationParts {
  websockets: Pick<Websockets, 'admit' | 'sockets'>
  readClient: ReadClient
  /** Of GraphiQL; null if it is off. */
  passes: ExplorerPasses | null
}

export interface OpenStream {
  live: LiveSocket
  operations: StreamOperations
  closed: Promise<void>
}

/** Answers a request with an event stream, which counts as a socket: it has the same limits, and ends with its session. */
export function openStream(
  parts: EventParts,
  exchange: Exchange,
  access: Access | null,
  format: EventFormat,
): OpenStream {
  const { request, response } = exchange
  const { websockets, readClient, passes } = parts
  const schemaVersion = schemaVersionIn(request)
  const stream = new EventStream(response)
  const live = websockets.admit(stream, response, readClient(request))
  if (!live)
    throw new HttpRefusal(503, 'UNAVAILABLE', 'The server has no room for more connections; retry.', {
      'retry-after': '1',
    })
  const operations = new StreamOperations(parts, live, stream, format)
  const closed = stream.closed.then(() => {
    websockets.sockets.remove(live)
    operations.stopAll()
  })
  stream.onAlive = () => live.frame()
  live.initialised = true
  live.schemaVersion = schemaVersion
  live.fromExplorer = passes?.accepts(request.headers[explorerPassHeader]) ?? false
  stream.begin()
  if (access) live.signIn(access.viewer, access.expiresAt)
  return { live, operations, closed }
}
