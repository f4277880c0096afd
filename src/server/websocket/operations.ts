import { randomUUID } from 'node:crypto'
import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql'
import type { Services } from '../../context.ts'
import { type Refusal, refuse } from '../../errors.ts'
import { maskError, refusedAs } from '../../platform/graphql/mask.ts'
import { type ByteString, byteString } from '../../platform/graphql/shared/byte-string.ts'
import { Delivery, type Sink } from '../../platform/graphql/shared/delivery.ts'
import type { Frame } from '../../platform/graphql/shared/frame.ts'
import type { Executor } from '../execution/executor.ts'
import type { AuthorizeOperation } from '../gate/authorize.ts'
import { closings } from './close-codes.ts'
import type { LiveSocket } from './live-socket.ts'
import { type Payload, prepareRun } from './prepare-run.ts'

export interface OperationParts {
  services: Services
  authorizeOperation: AuthorizeOperation
  executor: Executor
}

/** What all connections share. */
export interface OperationHost extends OperationParts {
  /** Created once: its stack costs more than the rest of a refusal, and a flood causes thousands. */
  tooMany: GraphQLError
}

export function createOperationHost(parts: OperationParts): OperationHost {
  const { operationsPerSocket } = parts.services.config.limits
  const refusal = refuse('LIMIT_EXCEEDED', `At most ${operationsPerSocket} operations run on one connection.`)
  return { ...parts, tooMany: refusedAs(refusal) }
}

/** How a protocol writes the messages of an operation. */
export interface MessageFormat {
  /** Around the results of a subscription; the tail is ASCII. */
  head(id: string): string
  tail: string
  next(id: string, result: object): string
  complete(id: string): string
  /** The end of an operation that is refused or has failed. */
  refused(id: string, errors: readonly GraphQLError[]): string
  /** Whether the connection ends with its operation. */
  isOfOne: boolean
}

type Outcome = Delivery<object> | ExecutionResult | readonly GraphQLError[]

const isErrors = (outcome: object): outcome is readonly GraphQLError[] => Array.isArray(outcome)

/** The running operations of a connection. There are many connections: keep it small. */
export class Operations {
  readonly live: LiveSocket
  readonly format: MessageFormat
  readonly #host: OperationHost
  readonly #running = new Map<string, Operation>()

  constructor(host: OperationHost, live: LiveSocket, format: MessageFormat) {
    this.#host = host
    this.live = live
    this.format = format
    live.operations = this
  }

  get count(): number {
    return this.#running.size
  }

  has(id: string): boolean {
    return this.#running.has(id)
  }

  /** Runs an operation. Resolves when it has ended, or its subscription has begun. */
  async run(id: string, payload: Payload, { mayMutate } = { mayMutate: true }): Promise<void> {
    const { services, tooMany } = this.#host
    if (this.count >= services.config.limits.operationsPerSocket) return this.#sendRefusal(id, [tooMany])
    const operation = new Operation(this, id)
    this.#running.set(id, operation)
    try {
      const outcome = await this.#begin(operation, payload, mayMutate)
      if (outcome instanceof Delivery) return operation.deliver(outcome)
      if (isErrors(outcome)) return this.#refuse(operation, outcome)
      if (operation.wanted) await this.live.send(this.format.next(id, outcome))
      this.ended(operation)
    } catch (error) {
      services.log.error({ err: error }, 'operation failed')
      this.live.closeFor(closings.overloaded)
    }
  }

  async #begin(operation: Operation, payload: Payload, mayMutate: boolean): Promise<Outcome> {
    const { executor } = this.#host
    const run = await prepareRun(this.#host, this.live, payload, operation)
    if (isErrors(run)) return run
    const { type } = run.operation
    if (type === OperationTypeNode.MUTATION && !mayMutate)
      return [refusedAs(refuse('INVALID_INPUT', 'Send mutations by POST.'))]
    return type === OperationTypeNode.SUBSCRIPTION ? executor.subscribe(run) : executor.execute(run)
  }

  /** A subscription has sent all its results, or has failed; any other operation has sent its result. */
  ended(operation: Operation, error?: Error): void {
    if (error) this.#refuse(operation, [new GraphQLError('', { originalError: error })])
    else if (operation.wanted) void this.live.send(this.format.complete(operation.id))
    this.#remove(operation)
  }

  #refuse(operation: Operation, errors: readonly GraphQLError[]): void {
    if (operation.wanted) this.#sendRefusal(operation.id, errors)
    this.#remove(operation)
  }

  #sendRefusal(id: string, errors: readonly GraphQLError[]): void {
    const { log, outages, config } = this.#host.services
    const report = { log, outages, config, requestId: randomUUID(), viewer: this.live.viewer }
    const masked = errors.map((error) => maskError(error, report))
    void this.live.send(this.format.refused(id, masked))
  }

  /** The connection is about to be closed for a reason for which its client must not connect again by itself. */
  refuseAll(refusal: Refusal): void {
    for (const id of this.#running.keys()) this.#sendRefusal(id, [refusedAs(refusal)])
  }

  /** The client no longer wants the results. */
  stop(id: string): void {
    const operation = this.#running.get(id)
    if (operation) this.#remove(operation)
  }

  stopAll(): void {
    for (const id of this.#running.keys()) this.stop(id)
  }

  #remove(operation: Operation): void {
    if (!operation.isRunning) return
    operation.stop()
    this.#running.delete(operation.id)
    if (this.count > 0) return
    if (this.live.ending) this.live.closeFor(closings.sessionEnded)
    else if (this.format.isOfOne) this.live.close()
  }
}

/** A running operation. The results of a subscription go through it to the connection. */
class Operation implements Sink {
  readonly id: string
  readonly #operations: Operations
  #head: ByteString = ''
  isRunning = true
  #delivery: Delivery<object> | null = null

  constructor(operations: Operations, id: string) {
    this.id = id
    this.#operations = operations
  }

  /** Whether the client still waits for results. */
  get wanted(): boolean {
    return this.isRunning && this.#operations.live.open
  }

  deliver(delivery: Delivery<object>): void {
    this.#delivery = delivery
    this.#head = byteString(this.#operations.format.head(this.id))
    if (this.isRunning) delivery.start()
    else delivery.stop()
  }

  stop(): void {
    this.isRunning = false
    this.#delivery?.stop()
  }

  send(result: Frame, cursor: string): Promise<void> | undefined {
    const { live, format } = this.#operations
    return live.sendBytes(this.#head + result.with(cursor) + format.tail)
  }

  ended(error?: Error): void {
    this.#operations.ended(this, error)
  }
}
