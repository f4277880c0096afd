import type { Sink } from '../../platform/graphql/shared/delivery.ts'
import type { Frame } from '../../platform/graphql/shared/frame.ts'
import { FramedText } from './framed-text.ts'
import type { LiveSocket } from './live-socket.ts'

const closingBrace = 0x7d

/** Sends the results of one operation as messages of graphql-transport-ws. */
export class OperationSink implements Sink {
  readonly #socket: LiveSocket
  readonly #head: Buffer

  constructor(socket: LiveSocket, id: string) {
    this.#socket = socket
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
  }

  send(frame: Frame, cursor: string): Promise<void> | undefined {
    const head = this.#head
    const message = new FramedText(head.length + frame.sizeWith(cursor) + 1)
    const { bytes, start } = message
    const end = frame.writeTo(bytes, start + head.copy(bytes, start), cursor)
    bytes[end] = closingBrace
    return this.#socket.send(message)
  }
}
