import { randomUUID } from 'node:crypto'
import type { ExecutionArgs, GraphQLSchema } from 'graphql'
import { makeServer, type Context as ProtocolContext, type Server } from 'graphql-ws'
import { authenticate, isTokenValid } from '../../auth/authenticate.ts'
import type { Services } from '../../context.ts'
import { Refusal, refuse } from '../../errors.ts'
import { maskError, refusedAs } from '../../platform/graphql/mask.ts'
import { languageFor } from '../../platform/language/spoken.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { answerTooLate, type Executor, type Run, type StreamRun } from '../execution/executor.ts'
import type { AuthorizeOperation } from '../gate/authorize.ts'
import { type ExplorerPasses, explorerPassHeader } from '../gate/explorer-pass.ts'
import { bearerToken } from '../http/graphql.ts'
import { readSchemaVersion } from '../request/schema-version.ts'
import { type Closing, closings } from './close-codes.ts'
import { FramedText } from './framed-text.ts'
import type { LiveSocket } from './live-socket.ts'
import { OperationSink, type ResultFrame } from './operation-sink.ts'
import { isErrors, prepareRun } from './prepare-run.ts'

export type SocketContext = ProtocolContext<Record<string, unknown>, LiveSocket>

export interface ProtocolParts {
  services: Services
  schema: GraphQLSchema
  authorizeOperation: AuthorizeOperation
  executor: Executor
  /** Of GraphiQL; null if it is off. */
  passes: ExplorerPasses | null
}

/** graphql-transport-ws: authentication, authorisation and order of operations. */
export function createProtocol(parts: ProtocolParts): Server<LiveSocket> {
  const { services, schema, executor } = parts
  const { log, outages, config } = services
  const { operationsPerSocket } = services.config.limits
  // Created once: its stack costs more than the rest of a refusal, and a flood causes thousands.
  const tooMany = refusedAs(
    refuse('LIMIT_EXCEEDED', `At most ${operationsPerSocket} operations run on one socket.`),
  )
  return makeServer<Record<string, unknown>, LiveSocket>({
    // Checked by the socket clock.
    connectionInitWaitTimeout: 0,
    onConnect: (context) => connect(parts, context),
    onSubscribe: async (context, id, payload) => {
      if (context.extra.operationCount > operationsPerSocket) return [tooMany]
      const wanted = () => context.extra.open && id in context.subscriptions
      const sink = new OperationSink(context.extra, frameOf(id))
      const run = await prepareRun(parts, context.extra, payload, { wanted, sink })
      return isErrors(run) ? run : { schema, ...run }
    },
    execute: (run) => executor.execute(run as ExecutionArgs & Run),
    subscribe: (run) => executor.subscribe(run as ExecutionArgs & StreamRun),
    // It is masked already. Events do not come this way: they go to the sink.
    onNext: (_context, _id, _payload, _args, result) => result,
    onError: ({ extra: { viewer } }, _id, _payload, errors) =>
      errors.map((error) => maskError(error, { log, outages, config, requestId: randomUUID(), viewer })),
    // The library still counts the completing operation and sends `complete` after this.
    onComplete: ({ extra }) => {
      if (extra.ending && extra.operationCount <= 1) setImmediate(() => extra.closeFor(closings.sessionEnded))
    },
  })
}

const framed = (bytes: number) => new FramedText(bytes)

const frameOf = (id: string): ResultFrame => ({
  head: `{"id":${JSON.stringify(id)},"type":"next","payload":`,
  tail: '}',
  text: framed,
})

async function connect({ services, passes }: ProtocolParts, context: SocketContext): Promise<boolean> {
  const { extra: socket, connectionParams = {} } = context
  socket.fromExplorer = passes?.accepts(connectionParams[explorerPassHeader]) ?? false
  socket.initialised = true
  socket.operations = context.subscriptions
  // The token is not kept for the lifetime of the socket.
  ;(context as { connectionParams?: unknown }).connectionParams = undefined
  const schemaVersion = readSchemaVersion(connectionParams.schemaVersion)
  if (schemaVersion === undefined) {
    socket.closeFor(closings.malformed)
    return false
  }
  socket.schemaVersion = schemaVersion
  if (typeof connectionParams.locale === 'string') socket.language = languageFor(connectionParams.locale)
  const given = tokenIn(connectionParams)
  if (given === undefined) return true
  try {
    const deadline = new Deadline(services.config.limits.requestDeadlineMs)
    const late = () => Promise.reject(answerTooLate())
    const { viewer, expiresAt } = await deadline.race(authenticate(services, given), late)
    socket.signIn(viewer, expiresAt)
    return true
  } catch (error) {
    socket.closeFor(await closingFor(services, given, error))
    return false
  }
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
