/** Placeholder of the cursor in a frame. Text from clients cannot contain U+0000. */
export const cursorPlaceholder = '\u0000cursor\u0000'

const placeholderJson = JSON.stringify(cursorPlaceholder).slice(1, -1)
const marker = '\u0000frame\u0000'
const markerJson = JSON.stringify(marker)

/** A result that is serialised once, with a gap for the cursor of each subscriber. */
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
 * A subscription result with a shared frame. The protocol library serialises it as a short marker, which `spliceFrame`
 * replaces by the text of the frame.
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

/** Inserts the frame into a message. Must be called directly after each serialisation. */
export function spliceFrame(message: string): string {
  if (!serialising) return message
  const { text } = serialising
  serialising = null
  const at = message.lastIndexOf(markerJson)
  return message.slice(0, at) + text + message.slice(at + markerJson.length)
}
