import { repeated } from '../transport/repeated.ts'
import type { Sink } from '../transport/socket.ts'
import type { Wake } from '../transport/wake.ts'
import type { InboxEvent } from './event.ts'
import type { Order } from './order.ts'
import type { Pull } from './progress.ts'

export interface FollowOptions {
  wake: Wake
  /** When it is aborted, following ends. */
  closed: AbortSignal
  order: Pick<Order<unknown>, 'progress' | 'clear'>
  /** Loads the first screen from the server. */
  load(): Promise<{ syncCursor: string }>
  /** Subscribes to the inbox, and writes its events into the cache. */
  open(variables: { after: string; streamId: string }, sink: Sink<InboxEvent>): () => void
  pull: Pull
  /** Drops what is cached: the server lost changes that it had delivered. */
  reset(): Promise<void>
}

const reopenAfterMs = 1_000

/** Keeps the cache of an application equal to the server, until the client is closed or the returned function is called. */
export function follow({ wake, closed, order, load, open, pull, reset }: FollowOptions): () => void {
  // One reader of the session; a reload is another one, which starts at its own first screen.
  const streamId = `adapter-${Math.random().toString(36).slice(2)}`
  let stopped = false
  let lost = false
  let close = () => {}
  let reopening: ReturnType<typeof setTimeout> | undefined
  const stopPulls = order.progress.start(pull)

  const starting = repeated(async () => {
    close()
    if (lost) await reset()
    lost = false
    const first = await load()
    if (stopped) return
    order.progress.begin(first)
    close = open(
      { after: first.syncCursor, streamId },
      {
        next(event) {
          order.progress.receive(event)
          if (event.__typename !== 'ResyncRequired') return
          order.clear()
          order.progress.clear()
          lost = true
          starting.run()
        },
        end() {
          if (!stopped) reopening = setTimeout(() => starting.run(), reopenAfterMs)
        },
      },
    )
  }, wake)

  function stop(): void {
    stopped = true
    closed.removeEventListener('abort', stop)
    clearTimeout(reopening)
    starting.stop()
    stopPulls()
    close()
  }

  closed.addEventListener('abort', stop)
  if (closed.aborted) stop()
  else starting.run()
  return stop
}
