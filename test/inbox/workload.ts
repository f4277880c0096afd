import { Refused } from '../world/client.ts'
import type { Person } from '../world/person.ts'

type Message = Awaited<ReturnType<Person['sends']>>

export interface Room {
  id: string
  members: Person[]
}

/** Deterministic random numbers for a seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

/** Users who send, edit, recall, read and change settings. Records every acknowledged change. */
export class Workload {
  /** The least value of each number that a device of `reader` must hold. */
  readonly facts = new Map<string, number>()
  readonly #rooms: Room[]
  readonly #reader: Person
  readonly #random: (below: number) => number
  readonly #sent: { room: Room; sender: Person; message: Message }[] = []
  #count = 0
  #setting: Promise<unknown> = Promise.resolve()

  constructor(parts: { rooms: Room[]; reader: Person; random: (below: number) => number }) {
    this.#rooms = parts.rooms
    this.#reader = parts.reader
    this.#random = parts.random
  }

  /** Makes this many changes, four at a time. */
  async performs(changes: number): Promise<void> {
    const sequence = async () => {
      while (changes > 0) {
        changes -= 1
        await this.#change().catch(tolerate)
      }
    }
    await Promise.all([sequence(), sequence(), sequence(), sequence()])
  }

  #pick<Item>(items: Item[]): Item {
    return items[this.#random(items.length)] as Item
  }

  async #change(): Promise<void> {
    const room = this.#pick(this.#rooms)
    const dice = this.#random(100)
    if (dice < 60 || this.#sent.length === 0) return this.#sends(room)
    if (dice < 74) return this.#edits()
    if (dice < 80) return this.#recalls()
    if (dice < 90) return this.#reads(room)
    // One at a time, because the order of two concurrent changes is unknown.
    this.#setting = this.#setting.then(() => (dice < 95 ? this.#describes(room) : this.#drafts(room)))
    await this.#setting
  }

  async #sends(room: Room): Promise<void> {
    const sender = this.#pick(room.members)
    this.#count += 1
    const message = await sender.sends(room.id, `message ${this.#count}`)
    this.#sent.push({ room, sender, message })
    this.#noteMessage(room, message)
    // Sending reads everything before.
    if (sender === this.#reader) this.#note(`${room.id} read`, message.seq)
  }

  async #edits(): Promise<void> {
    const { room, sender, message } = this.#pick(this.#sent.slice(-200))
    this.#count += 1
    this.#noteMessage(room, await sender.edits(message, `edit ${this.#count}`))
  }

  async #recalls(): Promise<void> {
    const { room, sender, message } = this.#pick(this.#sent.slice(-200))
    this.#noteMessage(room, await sender.recalls(message))
  }

  async #reads(room: Room): Promise<void> {
    const seq = this.#sent.findLast((each) => each.room === room)?.message.seq ?? 0
    const { readSeq } = await this.#reader.reads(room.id, seq)
    this.#note(`${room.id} read`, readSeq)
  }

  async #describes(room: Room): Promise<void> {
    const [owner] = room.members
    if (!owner || !room.id.startsWith('group')) return
    this.#count += 1
    const value = this.#count
    await owner.changesGroup(room.id, { description: `${value}` })
    this.#note(`${room.id} description`, value)
  }

  async #drafts(room: Room): Promise<void> {
    this.#count += 1
    const value = this.#count
    await this.#reader.changesView(room.id, { draft: `${value}` })
    this.#note(`${room.id} draft`, value)
  }

  #noteMessage(room: Room, message: Message): void {
    this.#note(`${room.id} message ${message.id}`, message.version)
  }

  #note(key: string, value: number): void {
    this.facts.set(key, Math.max(value, this.facts.get(key) ?? 0))
  }
}

/** An edit may arrive after the recall of the same message. */
function tolerate(error: unknown): void {
  if (!(error instanceof Refused) || error.code !== 'CONFLICT') throw error
}
