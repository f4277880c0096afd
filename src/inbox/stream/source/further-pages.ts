import type { EventReader } from './reader.ts'
import type { EventBatch, MessagePages, Source } from './source.ts'

/** The pages of a conversation's changes after the first. */
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

  get waiting(): boolean {
    return this.#pages !== null
  }

  next(): Promise<EventBatch> | null {
    return this.#pages && this.#read(this.#pages)
  }

  async #read(pages: MessagePages): Promise<EventBatch> {
    const batch = await this.#reader.messages(pages)
    // A resync in the meantime may have begun other pages.
    if (this.#pages === pages) this.#pages = null
    return batch
  }
}
