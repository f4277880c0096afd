import type { Services, Viewer } from '../../context.ts'
import { AcknowledgementWatch } from '../acknowledge/watch.ts'
import { userTopic } from '../announce.ts'
import { latestTick, type Position } from '../position.ts'
import type { InboxStream } from '../stream/stream.ts'

/** Published on the user's topic. */
export interface AcknowledgedMessage {
  kind: 'acknowledged'
  reader: string
  streamSeq: number
  tick: number
  since: number
  latestTick: number
}

export const isAcknowledged = (message: object): message is AcknowledgedMessage =>
  'kind' in message && message.kind === 'acknowledged'

const readerOf = ({ sessionId }: Viewer, streamId: string) => `${sessionId} ${streamId}`

/** Redelivers what the readers of this server have not acknowledged, and closes sockets that stopped acknowledging. */
export class Redelivery {
  readonly #services: Pick<Services, 'bus' | 'log' | 'config'>
  readonly #byReader = new Map<string, readonly InboxStream[]>()
  readonly #timer: NodeJS.Timeout

  constructor(services: Pick<Services, 'bus' | 'log' | 'config'>) {
    this.#services = services
    this.#timer = setInterval(() => this.#checkAll(), Math.ceil(services.config.limits.acknowledgeMs / 4))
  }

  /** Call before the stream delivers anything. */
  watch(
    viewer: Viewer,
    streamId: string,
    after: Position,
    schemaVersion: number | null,
  ): AcknowledgementWatch {
    const { limits } = this.#services.config
    return new AcknowledgementWatch(readerOf(viewer, streamId), limits, after, schemaVersion)
  }

  add(stream: InboxStream): void {
    const { reader } = stream.watch
    this.#byReader.set(reader, (this.#byReader.get(reader) ?? []).concat(stream))
  }

  remove(stream: InboxStream): void {
    const { reader } = stream.watch
    const others = (this.#byReader.get(reader) ?? []).filter((other) => other !== stream)
    if (others.length > 0) this.#byReader.set(reader, others)
    else this.#byReader.delete(reader)
  }

  /** A reader acknowledged at this server; its stream may be on another one. */
  acknowledged(viewer: Viewer, streamId: string, position: Position): void {
    const reader = readerOf(viewer, streamId)
    const { streamSeq, tick, since } = position
    const numbers = { streamSeq, tick, since, latestTick: latestTick(position) }
    const message = { kind: 'acknowledged', reader, ...numbers } as const
    if (!this.receive(message)) this.#services.bus.publish(userTopic(viewer.userId), message)
  }

  /** Returns whether the reader has a stream on this server. */
  receive({ reader, latestTick: seen, streamSeq, tick, since }: AcknowledgedMessage): boolean {
    const streams = this.#byReader.get(reader)
    const broadcasts = { tick: seen, reached: [] }
    const position = { streamSeq, tick, since, ...(seen > tick && { broadcasts }) }
    for (const { watch } of streams ?? []) watch.acknowledge(position, Date.now())
    return streams !== undefined
  }

  #checkAll(): void {
    const now = Date.now()
    for (const [reader, streams] of this.#byReader)
      for (const stream of streams) {
        const action = stream.watch.nextAction(now)
        if (action === 'REDELIVER') stream.resync(stream.watch.position)
        if (action !== 'CLOSE') continue
        this.#services.log.info({ reader }, 'acknowledgements stopped, closing socket')
        stream.closeUnresponsive()
      }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
