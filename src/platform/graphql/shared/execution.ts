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
import type { Context, SharedExecution } from '../../../context.ts'
import { analyseSharing, type ShareAnalysis } from './analysis.ts'
import { cursorPlaceholder, Frame, SharedResult } from './frame.ts'

/** An event that may be executed once for many. */
export interface ShareableEvent {
  /** The GraphQL type of the event. */
  type: string
  cursor: string
  /** What everybody who hears of it has in common; the same object for all of them, or null when it is personal. */
  share: object | null
  /** Whether this viewer may be shown what the shared execution showed. */
  mayShow(execution: SharedExecution): boolean
}

export interface SharedExecutor {
  /** Stands in for graphql-js's `subscribe`. */
  subscribe(
    args: ExecutionArgs,
  ): Promise<AsyncIterableIterator<ExecutionResult | SharedResult> | ExecutionResult>
  analyse(document: DocumentNode, operationName: string | undefined): ShareAnalysis | null
}

interface SharedFrame {
  frame: Frame
  execution: SharedExecution
}

const retryMs = 500

type Execute = (args: ExecutionArgs, event: object) => Promise<ExecutionResult>

export function createSharedExecutor(parts: {
  schema: GraphQLSchema
  /** A context for nobody in particular. */
  sharedContext: (execution: SharedExecution, subscriber: Context) => Context
  /** Masks what clients must not see. */
  format: (result: ExecutionResult, ctx: Context) => ExecutionResult
}): SharedExecutor {
  const { schema, sharedContext, format } = parts
  const analyses = new WeakMap<DocumentNode, Map<string, ShareAnalysis>>()
  const frames = new WeakMap<object, Map<string, Promise<SharedFrame>>>()
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

  const run: Execute = async (args, event) => {
    const ctx = args.contextValue as Context
    for (;;) {
      const result = format(await execute({ ...args, rootValue: event }), ctx)
      // An event is never spent on a database that is away: it waits until it can be told.
      if (!isUnavailable(result)) return result
      await setTimeout(retryMs)
      // What could not be loaded is remembered, too.
      ctx.loaders.clear()
    }
  }

  function operationKey(args: ExecutionArgs, analysis: ShareAnalysis): string {
    const id = documentIds.get(args.document) ?? nextDocumentId++
    documentIds.set(args.document, id)
    const values = analysis.variables.map((name) => args.variableValues?.[name])
    // Clients of different ages are shown different things.
    const { origin, schemaVersion } = args.contextValue as Context
    return JSON.stringify([id, args.operationName, values, origin, schemaVersion])
  }

  /** The frame of an event for one operation, made by whoever asks first. */
  function sharedFrame(args: ExecutionArgs, key: string, event: ShareableEvent, share: object) {
    const byOperation = frames.get(share) ?? new Map<string, Promise<SharedFrame>>()
    frames.set(share, byOperation)
    const present = byOperation.get(key)
    if (present) return present
    const execution: SharedExecution = { lowestSeq: Number.POSITIVE_INFINITY }
    const made = run(
      { ...args, contextValue: sharedContext(execution, args.contextValue as Context) },
      { ...event, cursor: cursorPlaceholder },
    ).then((result) => ({ frame: new Frame(result), execution }))
    byOperation.set(key, made)
    made.catch(() => byOperation.delete(key))
    return made
  }

  return {
    analyse,
    async subscribe(args) {
      const source = await createSourceEventStream(args)
      if (!(Symbol.asyncIterator in source)) return format(source, args.contextValue as Context)
      const ctx = args.contextValue as Context
      const analysis = analyse(args.document, args.operationName)
      const key = analysis ? operationKey(args, analysis) : ''

      return mapEvents(source[Symbol.asyncIterator]() as AsyncIterator<ShareableEvent>, async (event) => {
        if (event.share && analysis?.shareable(event.type)) {
          const { frame, execution } = await sharedFrame(args, key, event, event.share)
          if (event.mayShow(execution)) return new SharedResult(frame, event.cursor)
        }
        ctx.loaders.clear()
        const result = await run(args, event)
        // Ten thousand idle streams must not keep what they told last.
        ctx.loaders.clear()
        return isGone(result) ? null : result
      })
    },
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
