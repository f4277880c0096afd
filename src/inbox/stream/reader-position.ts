import { encodeCursor, type Position } from '../position.ts'

/** A reader's position and its cursor, encoded once. */
export class ReaderPosition {
  readonly #userId: string
  #history: string
  #position: Position
  #owesUnread = false
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
    this.#encode()
  }

  /** Whether the total unread count follows, which a reader that resumes from the cursor needs, too. */
  oweUnread(owesUnread: boolean): void {
    if (owesUnread === this.#owesUnread) return
    this.#owesUnread = owesUnread
    this.#encode()
  }

  #encode(): void {
    const owner = { userId: this.#userId, history: this.#history }
    this.#cursor = encodeCursor(owner, this.#position, this.#owesUnread)
  }
}
