import { FramedText } from '../websocket/framed-text.ts'
import type { ResultFrame } from '../websocket/operation-sink.ts'

/** How the messages of the graphql-sse protocol name their operation: not at all, or by its id. */
export interface EventFormat {
  frameOf(id: string): ResultFrame
  next(id: string, result: object): string
  complete(id: string): string
}

const unframed = (bytes: number) => new FramedText(bytes, false)

const frame = (head: string, tail: string): ResultFrame => ({ head, tail, text: unframed })

/** Distinct connections mode: the stream has one operation. */
export const oneOperation: EventFormat = {
  frameOf: () => frame('event: next\ndata: ', '\n\n'),
  next: (_id, result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
  // The EventSource of browsers drops events without data.
  complete: () => 'event: complete\ndata: \n\n',
}

/** Single connection mode: the stream has all operations of a client. */
export const manyOperations: EventFormat = {
  frameOf: (id) => frame(`event: next\ndata: {"id":${JSON.stringify(id)},"payload":`, '}\n\n'),
  next: (id, payload) => `event: next\ndata: ${JSON.stringify({ id, payload })}\n\n`,
  complete: (id) => `event: complete\ndata: ${JSON.stringify({ id })}\n\n`,
}
