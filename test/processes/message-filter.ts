const messagePush = Buffer.from('>3\r\n$7\r\nmessage\r\n')

/** Parses the replies of Redis, so that only published messages are dropped, duplicated or delayed. */
export class MessageFilter {
  readonly #write: (bytes: Buffer) => void
  #rest = Buffer.alloc(0)
  #held: Buffer[] = []

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write
  }

  take(bytes: Buffer, chance: (() => number) | null): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (let end = endOf(this.#rest, 0); end !== -1; end = endOf(this.#rest, 0)) {
      this.#pass(this.#rest.subarray(0, end), chance)
      this.#rest = this.#rest.subarray(end)
    }
  }

  #pass(frame: Buffer, chance: (() => number) | null): void {
    const isMessage = frame.subarray(0, messagePush.length).equals(messagePush)
    const dice = chance && isMessage ? chance() : 1
    if (dice < 0.1) return
    if (dice < 0.2) return void this.#held.push(Buffer.from(frame))
    this.#write(frame)
    if (dice < 0.3) this.#write(frame)
    // Delayed messages follow newer ones, in reverse order.
    if (isMessage) for (const late of this.#held.splice(0).reverse()) this.#write(late)
  }
}

/** End of the frame that begins at `at`; -1 while it is incomplete. */
function endOf(bytes: Buffer, at: number): number {
  const line = bytes.indexOf('\r\n', at)
  if (line === -1) return -1
  const type = String.fromCharCode(bytes[at] ?? 0)
  const size = Number(bytes.subarray(at + 1, line))
  const body = line + 2
  if ('$=!'.includes(type)) {
    const end = size < 0 ? body : body + size + 2
    return end <= bytes.length ? end : -1
  }
  const items = '*>~'.includes(type) ? size : type === '%' ? 2 * size : 0
  let end = body
  for (let item = 0; item < items && end !== -1; item += 1) end = endOf(bytes, end)
  return end
}
