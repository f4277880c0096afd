import type { EventReader } from './reader.ts'
import { type EventBatch, type MessagePages, noEvents, type Source } from './source.ts'

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

  hasEvents(): boolean {
    return this.#pages !== null
  }

  async next(): Promise<EventBatch> {
    const pages = this.#pages
    if (!pages) return noEvents
    const batch = await this.#reader.messages(pages)
    // A resync in the meantime may have begun other pages.
    if (this.#pages === pages) this.#pages = null
    return batch
  }
}
