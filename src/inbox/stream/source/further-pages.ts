import type { EventReader } from './reader.ts'
import { type EventBatch, type MessagePages, nothing, type Source } from './source.ts'

/** The further pages of changes whose first page was told. */
export class FurtherPages implements Source {
  readonly #reader: EventReader
  #pages: MessagePages | null = null

  constructor(reader: EventReader) {
    this.#reader = reader
  }

  begin(pages: MessagePages): void {
    this.#pages = pages
  }

  clear(): void {
    this.#pages = null
  }

  due(): boolean {
    return this.#pages !== null
  }

  async next(): Promise<EventBatch> {
    const pages = this.#pages
    if (!pages) return nothing
    const told = await this.#reader.messages(pages)
    // Other pages were begun if the stream fell behind meanwhile.
    if (this.#pages === pages) this.#pages = null
    return told
  }
}
