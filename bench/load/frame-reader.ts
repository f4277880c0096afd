/** Totals over all sockets of a subscriber. */
export interface Counts {
  frames: number
  /** Marks in the text: one per message, however many messages share a frame. */
  marks: number
  bytes: number
}

/** The first byte of every emoji in UTF-8; no other received text contains it. */
const mark = 0xf0

const textFrame = 1
const closeFrame = 8
const pingFrame = 9

export interface FrameEvents {
  ping(): void
  close(code: number): void
}

/**
 * Reads WebSocket frames as cheaply as possible, so that the receiving side does not limit the sending side: it counts,
 * and decodes text only for listeners.
 */
export class FrameReader {
  /** Gets the text of each frame. */
  listener: ((text: string) => void) | null = null
  readonly #counts: Counts
  readonly #events: FrameEvents
  #rest: Buffer | null = null
  #opcode = 0
  #left = 0
  #parts: Buffer[] = []

  constructor(counts: Counts, events: FrameEvents) {
    this.#counts = counts
    this.#events = events
  }

  read(chunk: Buffer): void {
    const data = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    this.#rest = null
    this.#counts.bytes += chunk.length
    let at = 0
    while (at < data.length) {
      if (this.#left === 0) {
        const length = this.#header(data, at)
        if (length === 0) {
          this.#rest = data.subarray(at)
          return
        }
        at += length
      }
      const end = Math.min(at + this.#left, data.length)
      this.#payload(data, at, end)
      at = end
    }
  }

  /** Reads the header of a frame; returns its length, or 0 if it is incomplete. */
  #header(data: Buffer, at: number): number {
    if (data.length < at + 2) return 0
    const short = (data[at + 1] as number) & 0x7f
    const length = short === 126 ? 4 : short === 127 ? 10 : 2
    if (data.length < at + length) return 0
    this.#opcode = (data[at] as number) & 0x0f
    this.#left = short === 126 ? data.readUInt16BE(at + 2) : short === 127 ? data.readUInt32BE(at + 6) : short
    if (this.#left === 0) this.#ended()
    return length
  }

  #payload(data: Buffer, from: number, to: number): void {
    if (this.#left === 0) return
    for (let at = data.indexOf(mark, from); at !== -1 && at < to; at = data.indexOf(mark, at + 1))
      this.#counts.marks += 1
    if (this.listener || this.#opcode === closeFrame) this.#parts.push(data.subarray(from, to))
    this.#left -= to - from
    if (this.#left === 0) this.#ended()
  }

  #ended(): void {
    const payload = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts)
    this.#parts = []
    if (this.#opcode === pingFrame) this.#events.ping()
    else if (this.#opcode === closeFrame) this.#events.close(payload?.length ? payload.readUInt16BE(0) : 1005)
    else if (this.#opcode === textFrame) {
      this.#counts.frames += 1
      this.listener?.(payload?.toString() ?? '')
    }
  }
}
