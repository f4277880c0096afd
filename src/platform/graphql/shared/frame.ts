/** Stands for the cursor while a frame is made; no text that a client may send contains U+0000. */
export const cursorPlaceholder = '\u0000cursor\u0000'

const placeholderJson = JSON.stringify(cursorPlaceholder).slice(1, -1)
const marker = '\u0000frame\u0000'
const markerJson = JSON.stringify(marker)

/** A result that was serialised once, open where each reader's own cursor goes. */
export class Frame {
  readonly #parts: string[]

  constructor(result: unknown) {
    this.#parts = JSON.stringify(result).split(placeholderJson)
  }

  textFor(cursor: string): string {
    return this.#parts.length === 1 ? (this.#parts[0] as string) : this.#parts.join(cursor)
  }
}

let serialising: SharedResult | null = null

/**
 * What a subscription yields in place of a result of its own. The protocol library serialises its message as
 * usual and finds a short marker; the text of the frame goes in where the message leaves for the socket.
 */
export class SharedResult {
  readonly #frame: Frame
  readonly #cursor: string

  constructor(frame: Frame, cursor: string) {
    this.#frame = frame
    this.#cursor = cursor
  }

  get text(): string {
    return this.#frame.textFor(this.#cursor)
  }

  toJSON(): string {
    serialising = this
    return marker
  }
}

/** The message with its frame in place. Call it at once on every message that was just serialised. */
export function spliceFrame(message: string): string {
  if (!serialising) return message
  const { text } = serialising
  serialising = null
  const at = message.lastIndexOf(markerJson)
  return message.slice(0, at) + text + message.slice(at + markerJson.length)
}
