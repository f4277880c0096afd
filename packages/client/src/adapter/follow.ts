import { repeated } from '../transport/repeated.ts'
import type { Sink } from '../transport/socket.ts'
import type { Wake } from '../transport/wake.ts'
import type { InboxEvent } from './event.ts'
import type { Progress } from './progress.ts'

export interface FollowOptions {
  wake: Wake
  progress: Progress
  /** Loads the first screen from the server and returns its `syncCursor`. */
  load(): Promise<string>
  /** Subscribes to the inbox, and writes its events into the cache. */
  open(variables: { after: string; streamId: string }, sink: Sink<InboxEvent>): () => void
}

const reopenAfterMs = 1_000

/** Keeps the cache of an application equal to the server, until the returned function is called. */
export function follow({ wake, progress, load, open }: FollowOptions): () => void {
  // One reader of the session; a reload is another one, which starts at its own first screen.
  const streamId = `adapter-${Math.random().toString(36).slice(2)}`
  let stopped = false
  let close = () => {}
  let reopening: ReturnType<typeof setTimeout> | undefined

  const starting = repeated(async () => {
    close()
    const after = await load()
    if (stopped) return
    close = open(
      { after, streamId },
      {
        next(event) {
          if (event.__typename === 'ResyncRequired') starting.run()
          else progress.receive(event)
        },
        end() {
          if (!stopped) reopening = setTimeout(() => starting.run(), reopenAfterMs)
        },
      },
    )
  }, wake)
  starting.run()

  return () => {
    stopped = true
    clearTimeout(reopening)
    starting.stop()
    progress.stop()
    close()
  }
}
