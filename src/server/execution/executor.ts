import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Limits } from '../../config.ts'
import { type Context, createContext, type Services, type SharedExecution } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { codeOf, formatResult, maskError, outcomeUnknown, refusedAs } from '../../platform/graphql/mask.ts'
import type { Delivery, Sink } from '../../platform/graphql/shared/delivery.ts'
import { createSharedExecutor } from '../../platform/graphql/shared/execution.ts'
import type { AuthorizedOperation } from '../gate/authorize.ts'
import { reportOperation } from './operation-log.ts'
import { retryDuringOutage } from './outages.ts'
import { traceOperation } from './trace.ts'

/** An authorised operation to run. */
export interface Run extends Omit<ExecutionArgs, 'schema'> {
  operation: AuthorizedOperation
  contextValue: Context
}

/** An authorised subscription to run. */
export interface StreamRun extends Run {
  /** Where its events go, as long as the client wants them. */
  sink: Sink & { readonly wanted: boolean }
}

/** Runs authorised operations, for HTTP and sockets; results are masked. */
export interface Executor {
  /** Whether the server refuses more operations for now. */
  readonly overloaded: boolean
  execute(run: Run): Promise<ExecutionResult>
  subscribe(run: StreamRun): Promise<Outcome>
  /** Resolves when nothing runs, abandoned requests included. */
  idle(): Promise<void>
}

export function createExecutor(services: Services, schema: GraphQLSchema): Executor {
  const { limits } = services.config
  const yoga = createYoga({
    schema,
    logging: false,
    maskedErrors: false,
    parserAndValidationCache: false,
    plugins: [graphqlJs],
  })
  // The same for every request: no plugin extends the context.
  const envelope = yoga.getEnveloped()
  const shared = createSharedExecutor<Context, SharedExecution>({
    schema,
    createSeen: () => ({ lowestSeq: Number.POSITIVE_INFINITY }),
    sharedContext: (shared, { origin, schemaVersion, language }) =>
      createContext(services, { viewer: null, requestId: 'shared', origin, schemaVersion, language, shared }),
    // Clients of different schema versions and languages get different results.
    variesBy: ({ origin, schemaVersion, language }) => [origin, schemaVersion, language],
    format: formatResult,
  })
  const load = new Load(limits)
  const deprecated = services.metrics.counter(
    'deprecated_uses_total',
    'Operations that use a deprecated part of the schema, by its coordinate.',
    ['coordinate'],
  )
  const traced = <Result extends Outcome>(run: Run, work: () => Promise<Result>) =>
    services.tracing ? traceOperation(services, run, () => logged(run, work)) : logged(run, work)
  const countDeprecated = ({ operation }: Run) => {
    for (const coordinate of operation.deprecations) deprecated.inc({ coordinate })
  }

  return {
    get overloaded() {
      return load.isFull
    },
    idle: () => load.idle(),
    execute: (run) =>
      traced(run, async () => {
        countDeprecated(run)
        if (load.isFull)
          throw refusedAs(refuse('UNAVAILABLE', 'The server is overloaded; retry.', { retryAfterMs: 1000 }))
        const { maintenance } = services
        const closed = maintenance.current && (await maintenance.refusalOf(run.contextValue, run.operation))
        if (closed) throw refusedAs(closed)
        const work = load.track(
          Promise.resolve(envelope.execute({ schema, ...run }) as Promise<ExecutionResult>),
        )
        const { deadline } = run.contextValue
        const result = await (deadline ? deadline.race(work, () => tooLate(run)) : work)
        return withCost(formatResult(result, run.contextValue, run.operation.type), run)
      }),
    subscribe: (run) =>
      traced(run, () => {
        countDeprecated(run)
        const { sink } = run
        return retryDuringOutage(
          () => sink.wanted,
          () => shared.subscribe(run, sink),
          isOutage,
        )
      }),
  }
}

// Yoga's executor also supports @stream and @defer, which makes a send a sixth more expensive; graphql-js suffices.
const graphqlJs: Plugin = {
  onExecute: ({ setExecuteFn }) => setExecuteFn(execute),
}

/** Counts operations until they have ended, also after their deadline. */
class Load {
  readonly #limits: Limits
  #running = 0
  #waiting: (() => void)[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get isFull(): boolean {
    return this.#running >= this.#limits.requestsInFlight
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.#running += 1
    work.then(this.#end, this.#end)
    return work
  }

  readonly #end = (): void => {
    this.#running -= 1
    if (this.#running === 0) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}

/** Errors come first, as the specification advises. */
function withCost({ errors, data }: ExecutionResult, { operation }: Run): ExecutionResult {
  const extensions = { cost: operation.actualCost }
  return errors ? { errors, data, extensions } : { data, extensions }
}

export const answerTooLate = () => refuse('UNAVAILABLE', 'The server took too long.')

function tooLate({ operation }: Run): ExecutionResult {
  const refusal = operation.type === OperationTypeNode.MUTATION ? outcomeUnknown() : answerTooLate()
  return { errors: [refusedAs(refusal)] }
}

type Outcome = Delivery<object> | ExecutionResult

const isOutage = (outcome: Outcome) =>
  'errors' in outcome && (outcome.errors?.some((error) => codeOf(error) === 'UNAVAILABLE') ?? false)

/** Logs the operation and masks thrown errors. */
async function logged<Result extends Outcome>(
  { operation, contextValue }: Run,
  work: () => Promise<Result>,
): Promise<Result | ExecutionResult> {
  const since = performance.now()
  const result = await work().catch((error: Error) => {
    const wrapped = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error })
    return { errors: [maskError(wrapped, contextValue, operation.type)] }
  })
  const { requestId, viewer } = contextValue
  const errors = 'errors' in result ? result.errors : []
  const { name, type } = operation
  const { userId, sessionId } = viewer ?? {}
  reportOperation(contextValue, { requestId, userId, sessionId, operation: name, type, since }, errors)
  return result
}
