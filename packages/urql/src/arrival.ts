import type { Order } from '@parlance/client/adapter'
import { type Exchange, makeOperation, mapExchange, type Operation, type OperationResult } from '@urql/core'

type Results = ReturnType<ReturnType<Exchange>>
type Emit = (result: OperationResult) => void

/** Passes each result on as those that a function makes of it. */
const emitting =
  (results: Results, receive: (result: OperationResult, emit: Emit) => void): Results =>
  (sink) => {
    let pull = () => {}
    results((signal) => {
      if (signal === 0) return sink(signal)
      if (signal.tag === 0) {
        const talkback = signal[0]
        pull = () => talkback(0)
        return sink(signal)
      }
      let emitted = false
      receive(signal[0], (result) => {
        emitted = true
        sink({ ...signal, 0: result } as typeof signal)
      })
      if (!emitted) pull()
    })
  }

/** The time at which the request of an operation is sent. */
const sentAt = ({ context }: Operation) => context.sentAt as number

/**
 * Lets the cache take results in the order of their arrival. Graphcache puts the answer to an earlier request below those
 * to later ones, even if the server performed it later; and answers to optimistic mutations wait for each other. So what
 * another result overtook is written once more, on top, as the result of an operation of its own.
 */
export function inArrivalOrder(
  order: Order<OperationResult>,
  toServer: (operation: Operation) => Operation,
): Exchange {
  const waiting = new Set<number>()
  const optimistic = new Set<number>()
  let answered: OperationResult[] = []
  let written = 0

  function onTop(result: OperationResult): OperationResult {
    written -= 1
    const { query, variables, context } = result.operation
    const operation = makeOperation('subscription', { key: written, query, variables }, context)
    return { ...result, operation, hasNext: false }
  }

  const asks = mapExchange({
    onOperation(operation) {
      const { kind, key, context } = operation
      if (kind === 'teardown') waiting.delete(key)
      if (kind === 'teardown') return operation
      if (kind !== 'subscription') waiting.add(key)
      if (context.optimistic) optimistic.add(key)
      return toServer(makeOperation(kind, operation, { ...context, sentAt: order.now() }))
    },
  })

  function receiveEvent(result: OperationResult, emit: Emit): void {
    const data = order.event(result.data, (again) => onTop({ ...result, data: again }))
    if (data && waiting.size > 0) emit(onTop({ ...result, data }))
    emit({ ...result, data })
  }

  function receiveAnswer(result: OperationResult, emit: Emit): void {
    const { operation } = result
    const isOvertaken = order.now() > sentAt(operation)
    const data = order.answer(result.data, sentAt(operation))
    if (data && isOvertaken && operation.kind === 'query') emit(onTop({ ...result, data }))
    emit({ ...result, data })
    for (const event of order.overtaking(sentAt(operation))) emit(event)
  }

  return (input) => (operations) =>
    emitting(asks(input)(operations), (result, emit) => {
      const { kind, key, context } = result.operation
      if (kind === 'subscription') return receiveEvent(result, emit)
      if (!result.hasNext) waiting.delete(key)
      if (!context.optimistic) return receiveAnswer(result, emit)
      answered.push(result)
      optimistic.delete(key)
      if (optimistic.size > 0) return
      const all = answered
      answered = []
      for (const each of all) receiveAnswer(each, emit)
    })
}
