import {
  type ConnectionInitMessage,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  type Message,
  MessageType,
  validateMessage,
} from 'graphql-ws'
import { authenticate, isTokenValid } from '../../auth/authenticate.ts'
import type { Services } from '../../context.ts'
import { Refusal } from '../../errors.ts'
import { languageFor } from '../../platform/language/spoken.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { answerTooLate } from '../execution/executor.ts'
import { type ExplorerPasses, explorerPassHeader } from '../gate/explorer-pass.ts'
import { bearerToken } from '../http/graphql.ts'
import { readSchemaVersion } from '../request/schema-version.ts'
import { type Closing, closings } from './close-codes.ts'
import type { LiveSocket } from './live-socket.ts'
import type { MessageFormat, Operations } from './operations.ts'

// The messages of graphql-transport-ws. The library checks their shape; who may send which when is decided here.

export const protocolName = GRAPHQL_TRANSPORT_WS_PROTOCOL

export const socketMessages: MessageFormat = {
  head: (id) => `{"id":${JSON.stringify(id)},"type":"next","payload":`,
  tail: '}',
  next: (id, payload) => JSON.stringify({ id, type: MessageType.Next, payload }),
  complete: (id) => JSON.stringify({ id, type: MessageType.Complete }),
  refused: (id, payload) => JSON.stringify({ id, type: MessageType.Error, payload }),
  isOfOne: false,
}

export interface ProtocolParts {
  services: Services
  /** Of GraphiQL; null if it is off. */
  passes: ExplorerPasses | null
}

/** Handles a message of a client. */
export async function receiveMessage(
  parts: ProtocolParts,
  operations: Operations,
  text: string,
): Promise<void> {
  const { live } = operations
  if (!live.open) return
  const message = messageIn(text)
  switch (message?.type) {
    case MessageType.ConnectionInit:
      return connect(parts, live, message)
    case MessageType.Ping: {
      const { payload } = message
      return live.send(JSON.stringify({ type: MessageType.Pong, payload }))
    }
    case MessageType.Pong:
      return
    case MessageType.Subscribe:
      if (!live.acknowledged) return live.closeFor(closings.notInitialised)
      if (operations.has(message.id)) return live.closeFor(closings.idInUse)
      return operations.run(message.id, message.payload)
    case MessageType.Complete:
      return operations.stop(message.id)
    default:
      return live.closeFor(closings.invalidMessage)
  }
}

function messageIn(text: string): Message | null {
  try {
    return validateMessage(JSON.parse(text))
  } catch {
    return null
  }
}

async function connect(
  { services, passes }: ProtocolParts,
  socket: LiveSocket,
  { payload }: ConnectionInitMessage,
): Promise<void> {
  if (socket.initialised) return socket.closeFor(closings.initialisedTwice)
  const connectionParams = payload ?? {}
  socket.fromExplorer = passes?.accepts(connectionParams[explorerPassHeader]) ?? false
  socket.initialised = true
  const schemaVersion = readSchemaVersion(connectionParams.schemaVersion)
  if (schemaVersion === undefined) return socket.closeFor(closings.malformed)
  socket.schemaVersion = schemaVersion
  if (typeof connectionParams.locale === 'string') socket.language = languageFor(connectionParams.locale)
  const given = tokenIn(connectionParams)
  if (given !== undefined) {
    try {
      const deadline = new Deadline(services.config.limits.requestDeadlineMs)
      const late = () => Promise.reject(answerTooLate())
      const { viewer, expiresAt } = await deadline.race(authenticate(services, given), late)
      socket.signIn(viewer, expiresAt)
    } catch (error) {
      return socket.closeFor(await closingFor(services, given, error))
    }
  }
  socket.acknowledged = true
  return socket.send(JSON.stringify({ type: MessageType.ConnectionAck }))
}

/** Close code by reason: an expired token needs a new one, an outage needs time, an ended session is final. */
async function closingFor(services: Services, accessToken: string, error: unknown): Promise<Closing> {
  const code = error instanceof Refusal ? error.code : null
  if (code === 'SUSPENDED') return closings.sessionEnded
  if (code === 'UNAUTHENTICATED')
    return (await isTokenValid(services, accessToken)) ? closings.sessionEnded : closings.tokenExpired
  services.log.warn({ err: error }, 'socket authentication failed')
  return closings.overloaded
}

/** The access token, empty if malformed; undefined if there is none. */
function tokenIn(params: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== 'string') continue
    if (name === 'accessToken') return value
    if (name.toLowerCase() === 'authorization') return bearerToken(value) ?? ''
  }
  return undefined
}
