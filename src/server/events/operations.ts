import { randomUUID } from 'node:crypto'
import { type ExecutionResult, type GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql'
import type { Services } from '../../context.ts'
import { type Refusal, refuse, unauthenticated } from '../../errors.ts'
import { maskError, refusedAs } from '../../platform/graphql/mask.ts'
import type { Delivery } from '../../platform/graphql/shared/delivery.ts'
import type { Executor } from '../execution/executor.ts'
import type { AuthorizeOperation } from '../gate/authorize.ts'
import { closings } from '../websocket/close-codes.ts'
import type { LiveSocket } from '../websocket/live-socket.ts'
import { OperationSink } from '../websocket/operation-sink.ts'
import { isErrors, type Payload, prepareRun } from '../websocket/prepare-run.ts'
import type { EventStream } from './event-stream.ts'
import type { EventFormat } from './format.ts'

export interface OperationParts {
  services: Services
  schema: GraphQLSchema
  authorizeOperation: AuthorizeOperation
  executor: Executor
}

type Running = Delivery<object> | null

/** The operations of an event stream. Their results go to the stream, and end with `complete`. */
export class StreamOperations {
  readonly #parts: OperationParts
  readonly #live: LiveSocket
  readonly #stream: EventStream
  readonly #format: EventFormat
  readonly #running: Record<string, Running> = Object.create(null)

  constructor(parts: OperationParts, live: LiveSocket, stream: EventStream, format: EventFormat) {
    this.#parts = parts
    this.#live = live
    this.#stream = stream
    this.#format = format
    live.operations = this.#running
    stream.onClosing = (code) => this.#endFor(code)
  }

  has(id: string): boolean {
    return id in this.#running
  }

  /** Runs an operation. Resolves when it has ended. */
  async run(id: string, payload: Payload, { mayMutate } = { mayMutate: true }): Promise<void> {
    this.#running[id] = null
    try {
      const outcome = await this.#begin(id, payload, mayMutate)
      if (!('next' in outcome)) this.#send(this.#format.next(id, outcome))
      else if (this.has(id)) {
        this.#running[id] = outcome
        await outcome.next()
      } else await outcome.return()
      if (this.has(id)) this.#send(this.#format.complete(id))
    } catch (error) {
      this.#parts.services.log.error({ err: error }, 'operation of an event stream failed')
      this.#live.closeFor(closings.overloaded)
    } finally {
      delete this.#running[id]
      if (this.#live.ending && this.#live.operationCount === 0) this.#live.closeFor(closings.sessionEnded)
    }
  }

  stop(id: string): void {
    const delivery = this.#running[id]
    delete this.#running[id]
    void delivery?.return()
  }

  stopAll(): void {
    for (const id of Object.keys(this.#running)) this.stop(id)
  }

  async #begin(
    id: string,
    payload: Payload,
    mayMutate: boolean,
  ): Promise<Delivery<object> | ExecutionResult> {
    const { services, schema, executor } = this.#parts
    const { operationsPerSocket } = services.config.limits
    if (this.#live.operationCount > operationsPerSocket)
      return this.#refused(
        refuse('LIMIT_EXCEEDED', `At most ${operationsPerSocket} operations run on one event stream.`),
      )
    const wanted = () => this.#live.open && this.has(id)
    const sink = new OperationSink(this.#live, this.#format.frameOf(id))
    const run = await prepareRun(this.#parts, this.#live, payload, { wanted, sink })
    if (isErrors(run)) return this.#masked(run)
    const { type } = run.operation
    if (type === OperationTypeNode.MUTATION && !mayMutate)
      return this.#refused(refuse('INVALID_INPUT', 'Send mutations by POST.'))
    if (type !== OperationTypeNode.SUBSCRIPTION) return executor.execute(run)
    return executor.subscribe({ schema, ...run })
  }

  #refused(refusal: Refusal): ExecutionResult {
    return this.#masked([refusedAs(refusal)])
  }

  #masked(errors: readonly GraphQLError[]): ExecutionResult {
    const { log, outages, config } = this.#parts.services
    const report = { log, outages, config, requestId: randomUUID(), viewer: this.#live.viewer }
    return { errors: errors.map((error) => maskError(error, report)) }
  }

  #send(text: string): void {
    void this.#live.send(text)
  }

  /** Ends operations with a reason if the client must not connect again by itself. */
  #endFor(code: number): void {
    const reason = finalReasons[code]?.()
    if (!reason) return
    for (const id of Object.keys(this.#running)) {
      this.#stream.send(this.#format.next(id, this.#refused(reason)))
      this.#stream.send(this.#format.complete(id))
    }
  }
}

const finalReasons: Record<number, () => Refusal> = {
  [closings.sessionEnded[0]]: () => unauthenticated('ENDED', 'The session has ended.'),
  [closings.replacedByTab[0]]: () =>
    refuse('LIMIT_EXCEEDED', 'The session has too many connections; another tab took the place of this one.'),
}
