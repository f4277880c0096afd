import type { Sink } from '../../platform/graphql/shared/delivery.ts'
import type { Frame } from '../../platform/graphql/shared/frame.ts'
import type { FramedText } from './framed-text.ts'
import type { LiveSocket } from './live-socket.ts'

/** How a transport wraps the results of an operation. Idle operations keep it: as text, it is small. */
export interface ResultFrame {
  head: string
  tail: string
  /** A text of this size as the transport sends it. */
  text(bytes: number): FramedText
}

/** Sends the results of one operation as messages of the transport. */
export class OperationSink implements Sink {
  readonly #socket: LiveSocket
  readonly #frame: ResultFrame
  readonly #frameBytes: number

  constructor(socket: LiveSocket, frame: ResultFrame) {
    this.#socket = socket
    this.#frame = frame
    this.#frameBytes = Buffer.byteLength(frame.head) + Buffer.byteLength(frame.tail)
  }

  send(result: Frame, cursor: string): Promise<void> | undefined {
    const { head, tail, text } = this.#frame
    const message = text(this.#frameBytes + result.sizeWith(cursor))
    const { bytes, start } = message
    const end = result.writeTo(bytes, start + bytes.write(head, start), cursor)
    bytes.write(tail, end)
    return this.#socket.send(message)
  }
}
