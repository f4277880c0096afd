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
import { analyseSharing, type ShareAnalysis } from './analysis.ts'
import { cursorPlaceholder, Frame, SharedResult } from './frame.ts'

/** The part of the operation context that the executor uses. */
interface ExecutionContext {
  loaders: Map<unknown, unknown>
}

/** An event that may be executed once for many subscribers. `Seen` records what the result contains. */
export interface ShareableEvent<Seen> {
  /** The GraphQL type of the event. */
  type: string
  cursor: string
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
  /** Replaces `subscribe` of graphql-js. */
  subscribe(
    args: ExecutionArgs,
  ): Promise<AsyncIterableIterator<ExecutionResult | SharedResult> | ExecutionResult>
  analyse(document: DocumentNode, operationName: string | undefined): ShareAnalysis | null
}

interface SharedFrame<Seen> {
  frame: Frame
  seen: Seen
}

/** The event must be loaded again: it is outdated, or the database was unavailable. */
const again = Symbol('again')

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
  const frames = new WeakMap<object, Map<string, Promise<SharedFrame<Seen> | typeof again>>>()
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

  /** While the database is unavailable, the event waits and is then loaded again. */
  async function run(args: ExecutionArgs, event: object): Promise<ExecutionResult | typeof again> {
    const ctx = args.contextValue as Context
    const result = format(await execute({ ...args, rootValue: event }), ctx)
    if (!isUnavailable(result)) return result
    await setTimeout(retryMs)
    // The cache also contains failed lookups.
    ctx.loaders.clear()
    return again
  }

  function operationKey(args: ExecutionArgs, analysis: ShareAnalysis): string {
    const id = documentIds.get(args.document) ?? nextDocumentId++
    documentIds.set(args.document, id)
    const values = analysis.variables.map((name) => args.variableValues?.[name])
    return JSON.stringify([id, args.operationName, values, ...variesBy(args.contextValue as Context)])
  }

  /** The frame of an event for one operation, created by the first subscriber. */
  function sharedFrame(args: ExecutionArgs, key: string, event: ShareableEvent<Seen>, share: object) {
    const byOperation = frames.get(share) ?? new Map<string, Promise<SharedFrame<Seen> | typeof again>>()
    frames.set(share, byOperation)
    const present = byOperation.get(key)
    if (present) return present
    const seen = createSeen()
    const made = run(
      { ...args, contextValue: sharedContext(seen, args.contextValue as Context) },
      { ...event, cursor: cursorPlaceholder },
    ).then((result) => (result === again ? again : { frame: new Frame(result), seen }))
    byOperation.set(key, made)
    const forget = () => byOperation.delete(key)
    made.then((result) => void (result === again && forget()), forget)
    return made
  }

  /** Executes an event for a subscriber; null if its subject no longer exists. */
  async function attempt(args: ExecutionArgs, key: string, event: object, analysis: ShareAnalysis | null) {
    if (isOutdated(event)) return again
    if (isShareable<Seen>(event) && event.share && analysis?.shareable(event.type)) {
      const shared = await sharedFrame(args, key, event, event.share)
      if (shared === again || event.isOutdated()) return again
      if (event.mayShow(shared.seen)) return new SharedResult(shared.frame, event.cursor)
    }
    const { loaders } = args.contextValue as Context
    loaders.clear()
    const result = await run(args, event)
    // Ten thousand idle streams must not keep their last results in memory.
    loaders.clear()
    if (result === again || isOutdated(event)) return again
    return isGone(result) ? null : result
  }

  return {
    analyse,
    async subscribe(args) {
      const source = await createSourceEventStream(args)
      if (!(Symbol.asyncIterator in source)) return format(source, args.contextValue as Context)
      const analysis = analyse(args.document, args.operationName)
      const key = analysis ? operationKey(args, analysis) : ''

      return mapEvents(source[Symbol.asyncIterator]() as AsyncIterator<object>, async (first) => {
        for (let event: object | null = first; event; event = await reloaded(event)) {
          const result = await attempt(args, key, event, analysis)
          if (result !== again) return result
        }
        return null
      })
    },
  }
}

/** Events of other subscriptions contain only ids. */
const isShareable = <Seen>(event: object): event is ShareableEvent<Seen> => 'reload' in event

const isOutdated = (event: object) => isShareable(event) && event.isOutdated()

async function reloaded(event: object): Promise<object | null> {
  for (;;) {
    try {
      return isShareable(event) ? await event.reload() : event
    } catch (error) {
      if (!outageOf(error)) throw error
      await setTimeout(retryMs)
    }
  }
}

const isUnavailable = (result: ExecutionResult) =>
  result.errors?.some((error) => error.extensions.code === 'UNAVAILABLE') ?? false

/** The subject of an event may be deleted during its execution; the event of the deletion follows. */
const isGone = ({ data, errors }: ExecutionResult) =>
  !data && (errors?.every((error) => error.extensions.code === 'NOT_FOUND') ?? false)

/** Not a generator, because ten thousand idle iterators must cost little, and `return` must not wait. */
function mapEvents<Event, Result>(
  source: AsyncIterator<Event>,
  map: (event: Event) => Promise<Result | null>,
): AsyncIterableIterator<Result> {
  return {
    async next() {
      for (;;) {
        const { done, value } = await source.next()
        if (done) return { done: true, value: undefined }
        const result = await map(value)
        if (result !== null) return { done: false, value: result }
      }
    },
    async return() {
      await source.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
