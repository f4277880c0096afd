import type { MessageFormat } from '../websocket/operations.ts'

// The messages of the graphql-sse protocol. A refusal is a result, after which the operation is complete.

const nextOfOne = (result: object) => `event: next\ndata: ${JSON.stringify(result)}\n\n`
// The EventSource of browsers drops events without data.
const completeOfOne = 'event: complete\ndata: \n\n'

/** Distinct connections mode: the stream has one operation. */
export const oneOperation: MessageFormat = {
  head: () => 'event: next\ndata: ',
  tail: '\n\n',
  next: (_id, result) => nextOfOne(result),
  complete: () => completeOfOne,
  refused: (_id, errors) => nextOfOne({ errors }) + completeOfOne,
  isOfOne: true,
}

const next = (id: string, payload: object) => `event: next\ndata: ${JSON.stringify({ id, payload })}\n\n`
const complete = (id: string) => `event: complete\ndata: ${JSON.stringify({ id })}\n\n`

/** Single connection mode: the stream has all operations of a client, which their messages name by id. */
export const manyOperations: MessageFormat = {
  head: (id) => `event: next\ndata: {"id":${JSON.stringify(id)},"payload":`,
  tail: '}\n\n',
  next,
  complete,
  refused: (id, errors) => next(id, { errors }) + complete(id),
  isOfOne: false,
}
