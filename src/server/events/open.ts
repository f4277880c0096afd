import type { Access } from '../../auth/tokens.ts'
import type { Services } from '../../context.ts'
import { type Refusal, refuse, unauthenticated } from '../../errors.ts'
import type { ExplorerPasses } from '../gate/explorer-pass.ts'
import { explorerPassHeader } from '../gate/explorer-pass.ts'
import type { Exchange } from '../http/exchange.ts'
import { schemaVersionIn } from '../http/graphql.ts'
import type { ReadClient } from '../request/client.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { closings } from '../websocket/close-codes.ts'
import { type MessageFormat, type OperationHost, Operations } from '../websocket/operations.ts'
import type { Websockets } from '../websocket/server.ts'
import { EventStream } from './event-stream.ts'

export interface EventParts {
  services: Services
  operationHost: OperationHost
  websockets: Pick<Websockets, 'admit' | 'sockets'>
  readClient: ReadClient
  /** Of GraphiQL; null if it is off. */
  passes: ExplorerPasses | null
}

export interface OpenStream {
  operations: Operations
  closed: Promise<void>
}

/** Answers a request with an event stream, which counts as a socket: it has the same limits, and ends with its session. */
export function openStream(
  parts: EventParts,
  exchange: Exchange,
  access: Access | null,
  format: MessageFormat,
): OpenStream {
  const { request, response } = exchange
  const { operationHost, websockets, readClient, passes } = parts
  const schemaVersion = schemaVersionIn(request)
  const stream = new EventStream(response)
  const live = websockets.admit(stream, readClient(request))
  if (!live)
    throw new HttpRefusal(503, 'UNAVAILABLE', 'The server has no room for more connections; retry.', {
      'retry-after': '1',
    })
  const operations = new Operations(operationHost, live, format)
  const closed = stream.closed.then(() => {
    websockets.sockets.remove(live)
    operations.stopAll()
  })
  stream.onAlive = () => live.frame()
  stream.onClosing = (code) => {
    const refusal = finalRefusals[code]?.()
    if (refusal) operations.refuseAll(refusal)
  }
  live.initialised = true
  live.schemaVersion = schemaVersion
  live.fromExplorer = passes?.accepts(request.headers[explorerPassHeader]) ?? false
  stream.begin()
  if (access) live.signIn(access.viewer, access.expiresAt)
  return { operations, closed }
}

/** Why a client must not connect again by itself, by the code of the close. */
const finalRefusals: Record<number, () => Refusal> = {
  [closings.sessionEnded[0]]: () => unauthenticated('ENDED', 'The session has ended.'),
  [closings.replacedByTab[0]]: () =>
    refuse('LIMIT_EXCEEDED', 'The session has too many connections; another tab took the place of this one.'),
}
