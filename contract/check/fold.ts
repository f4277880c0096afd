import type { EventLine, Line } from '../history.ts'
import type { Operation } from './model.ts'
import { observationsOf, type Sight } from './observations.ts'
import type { World } from './world.ts'

/** What a device holds: conversation → message id → its newest version. */
type Held = Map<string, Map<string, Sight>>

/** An event whose changes begin after what the stream had delivered. */
export interface Gap {
  conversation: string
  held: number
  fromVersion: number
  /** When the stream last delivered something of the conversation. */
  since: number
  t: number
}

export interface FoldedDevice {
  held: Held
  gaps: Gap[]
  events: number
}

/** Folds what a device received, in the order in which it took it, as docs/protocol.md describes. */
export function foldDevice(world: World, user: string, device: string): FoldedDevice {
  const fold = new Fold()
  const isOwn = (each: { user: string; device: string }) => each.user === user && each.device === device
  const operations = new Map(world.operations.filter(isOwn).map((each) => [each.op, each]))
  for (const line of world.lines) {
    const operation = line.ph === 'ok' ? operations.get((line as Line & { op: number }).op) : undefined
    if (operation?.f === 'sync') fold.sync(operation)
    if (operation?.f === 'changes') fold.pull(operation)
    if (line.ph === 'event' && isOwn(line)) fold.take(line)
  }
  return fold
}

class Fold implements FoldedDevice {
  readonly held: Held = new Map()
  readonly gaps: Gap[] = []
  events = 0
  /** The version up to which all changes of a conversation were delivered or pulled. */
  readonly #covered = new Map<string, { version: number; t: number }>()

  sync({ in: given, out }: Operation): void {
    if (given.after === null) {
      this.held.clear()
      this.#covered.clear()
    }
    for (const { id } of (out.sync as { conversations: { id: string }[] }).conversations) this.#adopt(id)
  }

  pull(operation: Operation): void {
    this.#keep(observationsOf({ operations: [operation], events: [] }).sights)
    const id = String(operation.in.id)
    const found = operation.out.conversation as { changes: { version: number } } | null
    // A pull that was overtaken by a removal answers 0: it covers nothing.
    if (found?.changes.version && Number(operation.in.after) <= (this.#covered.get(id)?.version ?? 0))
      this.#cover(id, found.changes.version, operation.end)
  }

  take(line: EventLine): void {
    this.events += 1
    const { event, received } = line
    const id = String(event.conversationId)
    if (event.__typename === 'ConversationRemoved') {
      this.held.delete(id)
      this.#covered.delete(id)
    }
    if (event.__typename === 'ConversationChanged') this.#adopt((event.conversation as { id: string }).id)
    this.#keep(observationsOf({ operations: [], events: [line] }).sights)
    const covered = this.#covered.get(id)
    if (event.__typename !== 'MessagesChanged' || covered === undefined) return
    const fromVersion = Number(event.fromVersion)
    const { version: held, t: since } = covered
    if (fromVersion > held) this.gaps.push({ conversation: id, held, fromVersion, since, t: received })
    this.#cover(id, Number(event.version), received)
  }

  #adopt(id: string): void {
    if (!this.held.has(id)) this.held.set(id, new Map())
  }

  #cover(id: string, version: number, t: number): void {
    this.#covered.set(id, { version: Math.max(version, this.#covered.get(id)?.version ?? 0), t })
  }

  #keep(sights: Sight[]): void {
    for (const sight of sights) {
      const messages = this.held.get(sight.conversation)
      const present = messages?.get(sight.id)
      if (messages && (present?.version ?? 0) <= sight.version) messages.set(sight.id, sight)
    }
  }
}
