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

/** What the executor needs to know of the context of an operation. */
interface ExecutionContext {
  loaders: Map<unknown, unknown>
}

/** An event that may be executed once for many subscribers; the execution notes in `Seen` what its result shows. */
export interface ShareableEvent<Seen> {
  /** The GraphQL type of the event. */
  type: string
  cursor: string
  /** What everybody who hears of it has in common; the same object for all of them, or null when it is personal. */
  share: object | null
  /** Whether this viewer may be shown what the shared execution showed. */
  mayShow(seen: Seen): boolean
  /** Whether content that the event holds was removed since it was loaded. */
  isOutdated(): boolean
  /** The event as it is now; null when there is nothing left to tell. */
  reload(): Promise<ShareableEvent<Seen> | null>
}

export interface SharedExecutor {
  /** Stands in for graphql-js's `subscribe`. */
  subscribe(
    args: ExecutionArgs,
  ): Promise<AsyncIterableIterator<ExecutionResult | SharedResult> | ExecutionResult>
  analyse(document: DocumentNode, operationName: string | undefined): ShareAnalysis | null
}

interface SharedFrame<Seen> {
  frame: Frame
  seen: Seen
}

/** The event must be loaded again: it is outdated, or has waited for the database. */
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

  /** An event is never spent on a database that is away: it waits, and is told as it is then. */
  async function run(args: ExecutionArgs, event: object): Promise<ExecutionResult | typeof again> {
    const ctx = args.contextValue as Context
    const result = format(await execute({ ...args, rootValue: event }), ctx)
    if (!isUnavailable(result)) return result
    await setTimeout(retryMs)
    // What could not be loaded is remembered, too.
    ctx.loaders.clear()
    return again
  }

  function operationKey(args: ExecutionArgs, analysis: ShareAnalysis): string {
    const id = documentIds.get(args.document) ?? nextDocumentId++
    documentIds.set(args.document, id)
    const values = analysis.variables.map((name) => args.variableValues?.[name])
    return JSON.stringify([id, args.operationName, values, ...variesBy(args.contextValue as Context)])
  }

  /** The frame of an event for one operation, made by whoever asks first. */
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

  /** One try to tell an event; null when what it is about has gone. */
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
    // Ten thousand idle streams must not keep what they told last.
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

/** Events of other subscriptions hold ids alone. */
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

/** What an event is about may go while it is told; the event that says so follows. */
const isGone = ({ data, errors }: ExecutionResult) =>
  !data && (errors?.every((error) => error.extensions.code === 'NOT_FOUND') ?? false)

/** Hand-made rather than a generator: ten thousand idle ones must cost little, and a return must not wait. */
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
