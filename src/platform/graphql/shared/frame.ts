/** Placeholder of the cursor in a frame. Text from clients cannot contain U+0000. */
export const cursorPlaceholder = '\u0000cursor\u0000'

const placeholderJson = JSON.stringify(cursorPlaceholder).slice(1, -1)

/** A result that is serialised and encoded once, with a gap for the cursor of each subscriber. */
export class Frame {
  readonly #parts: Buffer[]
  readonly #bytes: number

  constructor(result: unknown) {
    this.#parts = JSON.stringify(result)
      .split(placeholderJson)
      .map((part) => Buffer.from(part))
    this.#bytes = this.#parts.reduce((bytes, part) => bytes + part.length, 0)
  }

  /** Bytes of the result with a cursor. */
  sizeWith(cursor: string): number {
    return this.#bytes + (this.#parts.length - 1) * cursor.length
  }

  /** Writes the result with the subscriber's cursor, which is ASCII, and returns the end. */
  writeTo(target: Buffer, start: number, cursor: string): number {
    let at = start
    this.#parts.forEach((part, index) => {
      if (index > 0) at += target.write(cursor, at, 'latin1')
      at += part.copy(target, at)
    })
    return at
  }
}
