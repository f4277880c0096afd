import type { Sink } from '../../platform/graphql/shared/delivery.ts'
import type { Frame } from '../../platform/graphql/shared/frame.ts'
import type { FramedText } from './framed-text.ts'
import type { LiveSocket } from './live-socket.ts'

/** How a transport wraps the results of an operation. */
export interface ResultFrame {
  head: Buffer
  tail: Buffer
  /** A text of this size as the transport sends it. */
  text(bytes: number): FramedText
}

/** Sends the results of one operation as messages of the transport. */
export class OperationSink implements Sink {
  readonly #socket: LiveSocket
  readonly #frame: ResultFrame

  constructor(socket: LiveSocket, frame: ResultFrame) {
    this.#socket = socket
    this.#frame = frame
  }

  send(result: Frame, cursor: string): Promise<void> | undefined {
    const { head, tail, text } = this.#frame
    const message = text(head.length + result.sizeWith(cursor) + tail.length)
    const { bytes, start } = message
    const end = result.writeTo(bytes, start + head.copy(bytes, start), cursor)
    tail.copy(bytes, end)
    return this.#socket.send(message)
  }
}
