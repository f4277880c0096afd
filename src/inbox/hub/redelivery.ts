import type { Services, Viewer } from '../../context.ts'
import { AcknowledgementWatch } from '../acknowledge/watch.ts'
import { userTopic } from '../announce.ts'
import type { Position } from '../position.ts'
import type { InboxStream } from '../stream/stream.ts'

interface Watched {
  stream: InboxStream
  watch: AcknowledgementWatch
  closeUnresponsive: () => void
}

/** Published on the user's topic as `{ kind, reader, streamSeq, tick, since }`. */
export interface AcknowledgedMessage extends Position {
  kind: 'acknowledged'
  reader: string
}

export const isAcknowledged = (message: object): message is AcknowledgedMessage =>
  'kind' in message && message.kind === 'acknowledged'

const readerOf = ({ sessionId }: Viewer, streamId: string) => `${sessionId} ${streamId}`

/** Redelivers what the readers of this server have not acknowledged, and closes sockets that stopped acknowledging. */
export class Redelivery {
  readonly #services: Pick<Services, 'bus' | 'log' | 'config'>
  readonly #byReader = new Map<string, Watched[]>()
  readonly #timer: NodeJS.Timeout

  constructor(services: Pick<Services, 'bus' | 'log' | 'config'>) {
    this.#services = services
    this.#timer = setInterval(() => this.#checkAll(), Math.ceil(services.config.limits.acknowledgeMs / 4))
  }

  /** Call before the stream delivers anything. */
  watch(after: Position, schemaVersion: number | null): AcknowledgementWatch {
    return new AcknowledgementWatch(this.#services.config.limits, after, schemaVersion)
  }

  add(viewer: Viewer, streamId: string, watched: Watched): () => void {
    const reader = readerOf(viewer, streamId)
    this.#byReader.set(reader, [...(this.#byReader.get(reader) ?? []), watched])
    return () => {
      const others = (this.#byReader.get(reader) ?? []).filter((other) => other !== watched)
      if (others.length > 0) this.#byReader.set(reader, others)
      else this.#byReader.delete(reader)
    }
  }

  /** A reader acknowledged at this server; its stream may be on another one. */
  acknowledged(viewer: Viewer, streamId: string, { streamSeq, tick, since }: Position): void {
    const reader = readerOf(viewer, streamId)
    const message = { kind: 'acknowledged', reader, streamSeq, tick, since } as const
    if (!this.receive(message)) this.#services.bus.publish(userTopic(viewer.userId), message)
  }

  /** Returns whether the reader has a stream on this server. */
  receive({ reader, streamSeq, tick, since }: AcknowledgedMessage): boolean {
    const watched = this.#byReader.get(reader)
    for (const { watch } of watched ?? []) watch.acknowledge({ streamSeq, tick, since }, Date.now())
    return watched !== undefined
  }

  #checkAll(): void {
    const now = Date.now()
    for (const [reader, all] of this.#byReader)
      for (const { stream, watch, closeUnresponsive } of all) {
        const action = watch.nextAction(now)
        if (action === 'REDELIVER') stream.resync(watch.position)
        if (action !== 'CLOSE') continue
        this.#services.log.info({ reader }, 'acknowledgements stopped, closing socket')
        closeUnresponsive()
      }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
