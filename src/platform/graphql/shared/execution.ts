import { setTimeout } from 'node:timers/promises'
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql'
import { outageOf } from '../../db/outage.ts'
import { PullStream } from '../../pull-stream.ts'
import type { OpenSpan } from '../../tracing/tracing.ts'
import { analyseSharing, type ShareAnalysis } from './analysis.ts'
import { Delivery, type Prepared, type Sink } from './delivery.ts'
import { cursorPlaceholder, Frame } from './frame.ts'
import { SubjectGone } from './gone.ts'

/** The part of the operation context that the executor uses. */
interface ExecutionContext {
  loaders: { clear(): void }
}

/** An event that may be executed once for many subscribers. `Seen` records what the result contains. */
export interface ShareableEvent<Seen> {
  /** The GraphQL type of the event. */
  type: string
  cursor: string
  /** The span of its delivery, if it is traced. */
  span: OpenSpan | null
  /** Identifies the event: the same object for all subscribers; null if the event is personal. */
  share: object | null
  /** Whether the viewer may see everything that the shared result contains. */
  mayShow(seen: Seen): boolean
  /** Whether content of the event was removed since it was loaded. */
  isOutdated(): boolean
  /** Loads the current state of the event; null if it no longer applies. */
  reload(): Promise<ShareableEvent<Seen> | null>
}

export interface SharedExecutor {
  /** Replaces `subscribe` of graphql-js: once the delivery is started, the events go to the sink. */
  subscribe(subscription: Subscription, sink: Sink): Promise<Delivery<object> | ExecutionResult>
  analyse(document: DocumentNode, operationName: string | undefined): ShareAnalysis | null
}

/** What a subscription keeps of its operation. */
export type Subscription = Pick<
  ExecutionArgs,
  'document' | 'operationName' | 'variableValues' | 'contextValue'
>

interface SharedFrame<Seen> {
  /** null if no subscriber sees the subject of the event. */
  frame: Frame | null
  seen: Seen
}

/** The event must be loaded again: it is outdated, or the database was unavailable. */
const again = Symbol('again')

/** The event is dropped. */
const gone = Symbol('gone')

type Outcome = Frame | typeof gone

const retryMs = 500

export function createSharedExecutor<Context extends ExecutionContext, Seen>(parts: {
  schema: GraphQLSchema
  createSeen: () => Seen
  /** A context of no viewer, in which an execution for many subscribers runs. */
  sharedContext: (seen: Seen, subscriber: Context) => Context
  /** The parts of a subscriber's context that its results depend on, besides the viewer. */
  variesBy: (subscriber: Context) => unknown[]
  /** Masks what clients must not see. */
  format: (result: ExecutionResult, ctx: Context) => ExecutionResult
}): SharedExecutor {
  const { schema, createSeen, sharedContext, variesBy, format } = parts
  const analyses = new WeakMap<DocumentNode, Map<string, ShareAnalysis>>()
  const frames = new WeakMap<object, Map<string, SharedFrame<Seen> | Promise<void>>>()
  const documentIds = new WeakMap<DocumentNode, number>()
  let nextDocumentId = 1

  function analyse(document: DocumentNode, operationName: string | null | undefined): ShareAnalysis | null {
    const operation = getOperationAST(document, operationName)
    if (!operation) return null
    const known = analyses.get(document) ?? new Map<string, ShareAnalysis>()
    analyses.set(document, known)
    const name = operation.name?.value ?? ''
    const analysis = known.get(name) ?? analyseSharing(schema, document, operation)
    known.set(name, analysis)
    return analysis
  }

  /** The result of an event, at once if no resolver waits: a thousand subscribers then share it without a promise. */
  function run(args: ExecutionArgs, event: object): Outcome | Promise<Outcome | typeof again> {
    const ctx = args.contextValue as Context
    const span = spanOf(event)
    const executing = () => execute({ ...args, rootValue: event })
    const executed = span ? span.in(executing) : executing()
    return executed instanceof Promise
      ? executed.then(async (result) => outcomeOf(result, ctx))
      : outcomeOf(executed, ctx)
  }

  function outcomeOf(executed: ExecutionResult, ctx: Context): Outcome | Promise<typeof again> {
    if (isGone(executed)) return gone
    const result = format(executed, ctx)
    return isUnavailable(result) ? databaseAwaited(ctx) : new Frame(result)
  }

  /** While the database is unavailable, the event waits and is then loaded again. */
  async function databaseAwaited({ loaders }: Context): Promise<typeof again> {
    await setTimeout(retryMs)
    // The cache also contains failed lookups.
    loaders.clear()
    return again
  }

  function operationKey(args: ExecutionArgs, analysis: ShareAnalysis): string {
    const id = documentIds.get(args.document) ?? nextDocumentId++
    documentIds.set(args.document, id)
    const values = analysis.variables.map((name) => args.variableValues?.[name])
    return JSON.stringify([id, args.operationName, values, ...variesBy(args.contextValue as Context)])
  }

  /** The frame of an event for one operation, or the execution that makes it, begun by the first subscriber. */
  function sharedFrame(args: ExecutionArgs, key: string, event: ShareableEvent<Seen>, share: object) {
    const byOperation = frames.get(share) ?? new Map<string, SharedFrame<Seen> | Promise<void>>()
    frames.set(share, byOperation)
    const present = byOperation.get(key)
    if (present) return present
    const frame = makeFrame(args, event)
    const making =
      frame instanceof Promise
        ? frame.then(
            (made) => void (made ? byOperation.set(key, made) : byOperation.delete(key)),
            (error) => {
              byOperation.delete(key)
              throw error
            },
          )
        : frame
    byOperation.set(key, making)
    return making
  }

  function makeFrame(
    args: ExecutionArgs,
    event: object,
  ): SharedFrame<Seen> | Promise<SharedFrame<Seen> | null> {
    const seen = createSeen()
    const contextValue = sharedContext(seen, args.contextValue as Context)
    const outcome = run({ ...args, contextValue }, { ...event, cursor: cursorPlaceholder })
    const frameOf = (made: Outcome) => ({ frame: made === gone ? null : made, seen })
    if (outcome instanceof Promise) return outcome.then((made) => (made === again ? null : frameOf(made)))
    return frameOf(outcome)
  }

  /** An execution for one subscriber. */
  async function executeFor(args: ExecutionArgs, event: object): Promise<Prepared<object>> {
    const { loaders } = args.contextValue as Context
    loaders.clear()
    const result = await run(args, event)
    // Ten thousand idle streams must not keep their last results in memory.
    loaders.clear()
    if (result === again || isOutdated(event)) return reloaded(event)
    return result === gone ? null : { frame: result, cursor: '', span: spanOf(event) }
  }

  return {
    analyse,
    async subscribe({ document, operationName, variableValues, contextValue }, sink) {
      const args = { schema, document, operationName, variableValues, contextValue }
      const source = await createSourceEventStream(args)
      if (!(source instanceof PullStream))
        return format(source as ExecutionResult, args.contextValue as Context)
      const analysis = analyse(args.document, args.operationName)
      const key = analysis ? operationKey(args, analysis) : ''

      const prepare = (event: object): Prepared<object> | Promise<Prepared<object>> => {
        if (isOutdated(event)) return reloaded(event)
        if (isShareable<Seen>(event) && event.share && analysis?.shareable(event.type)) {
          const shared = sharedFrame(args, key, event, event.share)
          if (shared instanceof Promise) return { event, after: shared }
          if (event.mayShow(shared.seen))
            return shared.frame && { frame: shared.frame, cursor: event.cursor, span: event.span }
        }
        return executeFor(args, event)
      }
      return new Delivery(source as PullStream<object>, prepare, sink)
    },
  }
}

/** Events of other subscriptions contain only ids. */
const isShareable = <Seen>(event: object): event is ShareableEvent<Seen> => 'reload' in event

const spanOf = (event: object): OpenSpan | null => (isShareable(event) ? event.span : null)

const isOutdated = (event: object) => isShareable(event) && event.isOutdated()

async function reloaded(event: object): Promise<Prepared<object>> {
  for (;;) {
    try {
      const fresh = isShareable(event) ? await event.reload() : event
      return fresh && { event: fresh }
    } catch (error) {
      if (!outageOf(error)) throw error
      await setTimeout(retryMs)
    }
  }
}

const isUnavailable = (result: ExecutionResult) =>
  result.errors?.some((error) => error.extensions.code === 'UNAVAILABLE') ?? false

const isGone = ({ errors }: ExecutionResult) =>
  errors?.some(({ originalError }) => originalError instanceof SubjectGone) ?? false
