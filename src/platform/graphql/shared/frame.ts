import { type ByteString, byteString } from './byte-string.ts'

/** Placeholder of the cursor in a frame. Text from clients cannot contain U+0000. */
export const cursorPlaceholder = '\u0000cursor\u0000'

const placeholderJson = JSON.stringify(cursorPlaceholder).slice(1, -1)

/** A result that is serialised and encoded once, with a gap for the cursor of each subscriber. */
export class Frame {
  readonly #head: ByteString
  readonly #rest: ByteString[]

  constructor(result: unknown) {
    const [head = '', ...rest] = byteString(JSON.stringify(result)).split(placeholderJson)
    this.#head = head
    this.#rest = rest
  }

  /** The result with the subscriber's cursor, which is ASCII. */
  with(cursor: string): ByteString {
    let text = this.#head
    for (const part of this.#rest) text += cursor + part
    return text
  }
}
