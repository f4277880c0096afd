import { encodeCursor, type Position } from '../position.ts'

/** A reader's position and its cursor, encoded once. */
export class ReaderPosition {
  readonly #userId: string
  #history: string
  #position: Position
  #cursor: string

  constructor(userId: string, history: string, position: Position) {
    this.#userId = userId
    this.#history = history
    this.#position = position
    this.#cursor = encodeCursor({ userId, history }, position)
  }

  get history(): string {
    return this.#history
  }

  get position(): Position {
    return this.#position
  }

  get cursor(): string {
    return this.#cursor
  }

  move(position: Position, history = this.#history): void {
    if (position === this.#position && history === this.#history) return
    this.#position = position
    this.#history = history
    this.#cursor = encodeCursor({ userId: this.#userId, history }, position)
  }
}
