import { randomUUID } from 'node:crypto'
import { GraphQLError, OperationTypeNode } from 'graphql'
import { createContext, type Services } from '../../context.ts'
import { refuse, unauthenticated } from '../../errors.ts'
import { outageOf } from '../../platform/db/outage.ts'
import { refusedAs } from '../../platform/graphql/mask.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { answerTooLate, type StreamRun } from '../execution/executor.ts'
import { retryDuringOutage } from '../execution/outages.ts'
import { type AuthorizeOperation, isAnonymous, isRefused } from '../gate/authorize.ts'
import { documentIdsIn } from '../request/graphql-parameters.ts'
import { HttpRefusal } from '../request/refusal.ts'
import type { LiveSocket } from './live-socket.ts'

interface RunParts {
  services: Services
  authorizeOperation: AuthorizeOperation
}

/** The parameters of an operation. */
export interface Payload {
  query?: string | null
  operationName?: string | null | undefined
  variables?: Record<string, unknown> | null | undefined
  extensions?: Record<string, unknown> | null | undefined
}

function authorize(
  { authorizeOperation }: RunParts,
  { viewer, fromExplorer }: LiveSocket,
  payload: Payload,
): ReturnType<AuthorizeOperation> {
  const { query, operationName, variables } = payload
  try {
    const ids = documentIdsIn(payload)
    return authorizeOperation({ query, ...ids, operationName, variables, fromExplorer }, viewer)
  } catch (error) {
    if (error instanceof HttpRefusal) return [refusedAs(refuse(error.code, error.message))]
    throw error
  }
}

/** Authorises an operation of a connection, and checks that its session is still active. */
export async function prepareRun(
  parts: RunParts,
  socket: LiveSocket,
  payload: Payload,
  sink: StreamRun['sink'],
): Promise<StreamRun | readonly GraphQLError[]> {
  const { services } = parts
  const { viewer } = socket
  const operation = authorize(parts, socket, payload)
  if (isRefused(operation)) return operation
  if (!viewer && !isAnonymous(operation)) return [refusedAs(unauthenticated('MISSING', 'Sign in first.'))]
  const isStream = operation.type === OperationTypeNode.SUBSCRIPTION
  const deadline = isStream ? null : new Deadline(services.config.limits.requestDeadlineMs)
  if (!isKnownLive(services, socket)) {
    const refusal = await retryDuringOutage(
      () => isStream && sink.wanted,
      () => refusalOf(services, socket, deadline),
      (fault) => fault !== null && outageOf(fault) !== null,
    )
    if (refusal) return [new GraphQLError('failed', { originalError: refusal })]
  }

  return {
    operation,
    sink,
    document: operation.document,
    operationName: operation.name,
    variableValues: payload.variables,
    rootValue: undefined,
    contextValue: createContext(services, {
      viewer,
      requestId: newRequestId(),
      traceparent: traceparentIn(payload),
      origin: socket.origin,
      viewerAddress: socket.address,
      schemaVersion: socket.schemaVersion,
      language: socket.language,
      socket,
      deadline,
    }),
  }
}

/** `extensions.traceparent`: an operation on a socket has no headers. */
function traceparentIn({ extensions }: Payload): string | null {
  const given = extensions?.traceparent
  return typeof given === 'string' ? given : null
}

// As one string: Node joins the parts of a UUID when it is read, and until then a subscription would keep all of them.
const newRequestId = () => Buffer.from(randomUUID()).toString('latin1')

/** Whether the session was checked a moment ago, and no earlier operation waits. */
const isKnownLive = ({ auth: { sessions } }: Services, { viewer, isWaiting }: LiveSocket): boolean =>
  !isWaiting && (viewer === null || sessions.isKnownLive(viewer))

/** Why the session of the socket is invalid, checked after its earlier operations; null if it is valid. */
async function refusalOf(
  { auth: { sessions } }: Services,
  socket: LiveSocket,
  deadline: Deadline | null,
): Promise<Error | null> {
  const { viewer } = socket
  const checked = socket
    .inOrder(async () => {
      if (viewer) await sessions.assertLive(viewer)
    })
    .then(
      () => null,
      (error: Error) => error,
    )
  return deadline ? deadline.race(checked, answerTooLate) : checked
}
