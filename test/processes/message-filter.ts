const messagePush = Buffer.from('>3\r\n$7\r\nmessage\r\n')

/** What becomes of a published message. Delayed messages follow a newer one, in reverse order. */
export type Fate = 'passed' | 'lost' | 'late' | 'doubled'

/** A tenth each is lost, delayed and doubled. */
export function anyFate(dice: number): Fate {
  if (dice < 0.1) return 'lost'
  if (dice < 0.2) return 'late'
  return dice < 0.3 ? 'doubled' : 'passed'
}

/** Parses the replies of Redis, so that only published messages are dropped, duplicated or delayed. */
export class MessageFilter {
  readonly #write: (bytes: Buffer) => void
  #rest = Buffer.alloc(0)
  #held: Buffer[] = []

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write
  }

  take(bytes: Buffer, fateOf: (() => Fate) | null): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (let end = endOf(this.#rest, 0); end !== -1; end = endOf(this.#rest, 0)) {
      this.#pass(this.#rest.subarray(0, end), fateOf)
      this.#rest = this.#rest.subarray(end)
    }
  }

  #pass(frame: Buffer, fateOf: (() => Fate) | null): void {
    const isMessage = frame.subarray(0, messagePush.length).equals(messagePush)
    const fate = fateOf && isMessage ? fateOf() : 'passed'
    if (fate === 'lost') return
    if (fate === 'late') return void this.#held.push(Buffer.from(frame))
    this.#write(frame)
    if (fate === 'doubled') this.#write(frame)
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
