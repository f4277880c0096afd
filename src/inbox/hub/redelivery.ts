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

/** Published as `{ kind, reader, streamSeq, tick, since }` on the topic of the person whose device it is. */
export interface AcknowledgedMessage extends Position {
  kind: 'acknowledged'
  reader: string
}

export const isAcknowledged = (message: object): message is AcknowledgedMessage =>
  'kind' in message && message.kind === 'acknowledged'

const readerOf = ({ sessionId }: Viewer, streamId: string) => `${sessionId} ${streamId}`

/** Tells again what the readers of this server have not acknowledged, and lets go of those that do not answer at all. */
export class Redelivery {
  readonly #services: Pick<Services, 'bus' | 'log' | 'config'>
  readonly #byReader = new Map<string, Watched[]>()
  readonly #timer: NodeJS.Timeout

  constructor(services: Pick<Services, 'bus' | 'log' | 'config'>) {
    this.#services = services
    this.#timer = setInterval(() => this.#lookAtAll(), Math.ceil(services.config.limits.acknowledgeMs / 4))
  }

  /** Before a stream tells anything. */
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

  /** A reader has acknowledged at this server; its stream may be at another. */
  acknowledged(viewer: Viewer, streamId: string, { streamSeq, tick, since }: Position): void {
    const reader = readerOf(viewer, streamId)
    const message = { kind: 'acknowledged', reader, streamSeq, tick, since } as const
    if (!this.hear(message)) this.#services.bus.publish(userTopic(viewer.userId), message)
  }

  /** Whether the reader has a stream here. */
  hear({ reader, streamSeq, tick, since }: AcknowledgedMessage): boolean {
    const watched = this.#byReader.get(reader)
    for (const { watch } of watched ?? []) watch.acknowledge({ streamSeq, tick, since }, Date.now())
    return watched !== undefined
  }

  #lookAtAll(): void {
    const now = Date.now()
    for (const [reader, all] of this.#byReader)
      for (const { stream, watch, closeUnresponsive } of all) {
        const due = watch.due(now)
        if (due === 'REPEAT') stream.resync(watch.position)
        if (due !== 'GIVE_UP') continue
        this.#services.log.info({ reader }, 'a client acknowledges no more; its socket is closed')
        closeUnresponsive()
      }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
