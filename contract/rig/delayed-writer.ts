import type { Socket } from 'node:net'

/** Writes to a socket after a delay that may change, and keeps the order of the bytes all the same. */
export class DelayedWriter {
  readonly #socket: Socket
  readonly #waiting: Buffer[] = []

  constructor(socket: Socket) {
    this.#socket = socket
  }

  write(bytes: Buffer, delayMs: number): void {
    if (delayMs === 0 && this.#waiting.length === 0) return void this.#socket.write(bytes)
    this.#waiting.push(bytes)
    setTimeout(() => this.#release(bytes), delayMs)
  }

  /** Bytes that waited longer go first. */
  #release(bytes: Buffer): void {
    const place = this.#waiting.indexOf(bytes)
    if (place === -1) return
    for (const each of this.#waiting.splice(0, place + 1)) if (this.#socket.writable) this.#socket.write(each)
  }
}
