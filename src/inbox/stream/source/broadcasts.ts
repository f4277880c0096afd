import { afterBroadcast, type Position, Reached } from '../../position.ts'
import type { EventReader } from './reader.ts'
import { type EventBatch, noEvents, type Source } from './source.ts'
import { traceDelivery } from './trace-delivery.ts'

/** Changes of the messages of a broadcast conversation, in the order in which they are passed on. */
export interface Broadcast {
  conversationId: string
  /** What was passed on before; null if that is unknown. */
  from: number | null
  /** What a reader has afterwards. */
  to: Reached
  tick: number
  /** Traceparent of the span that caused the change; undefined if it is not traced. */
  trace?: string
}

interface Host {
  resync(): void
}

/** Messages of broadcast conversations, which have no number in the stream. Keeps one span of each, no content. */
export class Broadcasts implements Source {
  readonly #reader: EventReader
  readonly #host: Host
  #pending: Map<string, Broadcast> | null = null

  constructor(reader: EventReader, host: Host) {
    this.#reader = reader
    this.#host = host
  }

  add(broadcast: Broadcast): void {
    this.#pending ??= new Map()
    const earlier = this.#pending.get(broadcast.conversationId)
    this.#pending.set(broadcast.conversationId, earlier ? joined(earlier, broadcast) : broadcast)
  }

  /** The viewer left the conversation. */
  drop(conversationId: string): void {
    this.#pending?.delete(conversationId)
  }

  get waiting(): boolean {
    return this.#pending !== null && this.#pending.size > 0
  }

  next(position: Position): EventBatch | Promise<EventBatch> | null {
    const broadcast = this.#pending?.values().next().value
    if (!broadcast) return null
    this.drop(broadcast.conversationId)
    if (broadcast.trace === undefined) return this.#read(broadcast, position)
    const { tracing, viewer } = this.#reader.ctx
    const { trace, conversationId: subjectId } = broadcast
    return traceDelivery(tracing, { trace, kind: 'messages', subjectId }, viewer?.userId ?? '', () =>
      this.#read(broadcast, position),
    )
  }

  #read(broadcast: Broadcast, position: Position): EventBatch | Promise<EventBatch> {
    const { conversationId, from, to } = broadcast
    const nextPosition = afterBroadcast(position, to, broadcast.tick)
    const batch =
      from === null
        ? this.#reader.missed({ conversationId, to: to.version, nextPosition }, position.since)
        : this.#reader.messages({ conversationId, from, to: to.version, nextPosition })
    return batch instanceof Promise
      ? batch.then((read) => this.#checked(read, broadcast, position))
      : this.#checked(batch, broadcast, position)
  }

  /** A viewer who is no member has a number for that, which has not arrived: later messages must not come before it. */
  #checked(batch: EventBatch, broadcast: Broadcast, position: Position): EventBatch {
    if (!batch.isHidden) return withNewest(batch, broadcast, position)
    this.#host.resync()
    return noEvents
  }
}

/** The changes that were read for a broadcast may include those of later ones, for which no event follows. */
function withNewest(batch: EventBatch, { to, tick }: Broadcast, position: Position): EventBatch {
  const [body] = batch.bodies
  if (!batch.nextPosition || body?.type !== 'MessagesChanged') return batch
  const { maxSeq, version } = body.changes
  if (version <= to.version) return batch
  const reached = new Reached(to.conversationId, maxSeq, version)
  return { ...batch, nextPosition: afterBroadcast(position, reached, tick) }
}

const joined = (earlier: Broadcast, later: Broadcast): Broadcast => ({
  ...later,
  from: earlier.from === null || later.from === null ? null : Math.min(earlier.from, later.from),
  to: earlier.to.version > later.to.version ? earlier.to : later.to,
  tick: Math.max(earlier.tick, later.tick),
})
