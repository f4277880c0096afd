import type { PullStream } from '../../pull-stream.ts'
import type { OpenSpan } from '../../tracing/tracing.ts'
import type { Frame } from './frame.ts'

/** Where the results of a subscription go. */
export interface Sink {
  /** Sends a result. The promise resolves once there is room for another one; none if there is room. */
  send(frame: Frame, cursor: string): Promise<void> | undefined
  /** Called once when the stream has ended or failed, unless the delivery was stopped before. */
  ended(error?: Error): void
}

/**
 * The result of an event with the subscriber's cursor, or an event to prepare, now or after a wait; null if there is
 * nothing to send.
 */
export type Prepared<Event> =
  | { frame: Frame; cursor: string; span: OpenSpan | null }
  | { event: Event; after?: Promise<void> }
  | null

/** The delivery ends with the frame: once there is room again, if the socket was full. */
function sendTraced(sink: Sink, frame: Frame, cursor: string, span: OpenSpan): Promise<void> | undefined {
  const writing = span.child('INTERNAL', 'write frame')
  const end = () => {
    writing.end()
    span.end()
  }
  const room = sink.send(frame, cursor)
  if (room) void room.then(end, end)
  else end()
  return room
}

/**
 * Sends the events of a stream, one after the other. All that is ready goes out in one loop; it waits only for reads,
 * executions and room.
 */
export class Delivery<Event> {
  readonly #stream: PullStream<Event>
  readonly #prepare: (event: Event) => Prepared<Event> | Promise<Prepared<Event>>
  readonly #sink: Sink
  #event: Event | undefined
  #prepared: Prepared<Event> = null
  #isRunning = false
  /** The stream may have events that were not asked for yet. */
  #isWoken = true
  #isStopped = false

  constructor(
    stream: PullStream<Event>,
    prepare: (event: Event) => Prepared<Event> | Promise<Prepared<Event>>,
    sink: Sink,
  ) {
    this.#stream = stream
    this.#prepare = prepare
    this.#sink = sink
  }

  start(): void {
    this.#stream.readBy(this)
    this.wake()
  }

  stop(): void {
    this.#isStopped = true
    this.#event = undefined
    this.#stream.close()
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return
    this.stop()
    this.#sink.ended(error instanceof Error ? error : new Error(String(error)))
  }

  /** The stream may have new events. */
  wake(): void {
    this.#isWoken = true
    if (!this.#isRunning) this.#run()
  }

  #run(): void {
    this.#isRunning = true
    try {
      while (!this.#isStopped && this.#step());
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Does the next step. Returns false if the one after it must wait. */
  #step(): boolean {
    const prepared = this.#prepared
    this.#prepared = null
    if (prepared) return this.#use(prepared)
    const event = this.#event ?? this.#stream.take()
    this.#event = undefined
    if (event === undefined) return this.#advance()
    const preparing = this.#prepare(event)
    if (!(preparing instanceof Promise)) return preparing === null || this.#use(preparing)
    return this.#goOnAfter(preparing, (later) => {
      this.#prepared = later
    })
  }

  #use(prepared: NonNullable<Prepared<Event>>): boolean {
    if ('frame' in prepared) {
      const { frame, cursor, span } = prepared
      const room = span ? sendTraced(this.#sink, frame, cursor, span) : this.#sink.send(frame, cursor)
      return room ? this.#goOnAfter(room) : true
    }
    this.#event = prepared.event
    return prepared.after ? this.#goOnAfter(prepared.after) : true
  }

  #advance(): boolean {
    if (this.#stream.closed) {
      this.#isStopped = true
      this.#sink.ended()
      return false
    }
    if (!this.#isWoken) {
      this.#isRunning = false
      return false
    }
    this.#isWoken = false
    const advanced = this.#stream.advance()
    if (typeof advanced === 'boolean') {
      this.#isWoken ||= advanced
      return true
    }
    return this.#goOnAfter(advanced, (isMore) => {
      this.#isWoken ||= isMore
    })
  }

  #goOnAfter<Result>(waiting: Promise<Result>, use?: (result: Result) => void): false {
    waiting.then(
      (result) => {
        use?.(result)
        this.#run()
      },
      (error) => this.#fail(error),
    )
    return false
  }
}
