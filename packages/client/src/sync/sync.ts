import { Acknowledge, FirstScreen, Inbox, MoreConversations } from '../generated/documents.ts'
import type { Event } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import type { Perform } from '../transport/perform.ts'
import { randomId } from '../transport/random-id.ts'
import { repeated } from '../transport/repeated.ts'
import type { Socket } from '../transport/socket.ts'
import type { Wake } from '../transport/wake.ts'
import { acknowledger } from './acknowledger.ts'
import { pullMissing } from './pull.ts'

export interface SyncOptions {
  store: Store
  socket: Pick<Socket, 'subscribe' | 'request'>
  perform: Perform
  wake: Wake
  /** Each event, after it is in the store. */
  onEvent?(event: Event): void
  /** Conversations on the first screen. */
  firstScreen?: number
}

export interface Sync {
  stop(): void
}

const pageSize = 30

/** Keeps a store equal to the server: first screen or the position of the store, stream, and pulls of what is missing. */
export function startSync(options: SyncOptions): Sync {
  const { store, socket, perform, wake, onEvent, firstScreen = pageSize } = options
  // One reader of the session; a reload is another one, which starts at its own first screen.
  const streamId = randomId()
  let stopped = false
  let endStream = () => {}
  /** The page after the listed ones; null when all are listed, undefined before the first. */
  let nextPage: string | null | undefined = null
  let reopening: ReturnType<typeof setTimeout> | undefined

  const acknowledge = acknowledger((cursor) => socket.request(Acknowledge, { input: { cursor, streamId } }))
  const pulls = repeated(() => pullMissing(store, perform, () => stopped), wake)
  const stream = repeated(async () => open(), wake)
  const starting = repeated(start, wake)
  const listing = repeated(listRest, wake)

  async function start(): Promise<void> {
    endStream()
    const screen = await perform(FirstScreen, { first: firstScreen })
    if (stopped) return
    const { nodes, pageInfo } = screen.conversations
    nextPage = pageInfo.hasNextPage ? pageInfo.endCursor : null
    store.apply({
      type: 'started',
      cursor: screen.syncCursor,
      me: screen.me,
      conversations: nodes,
      complete: nextPage === null,
    })
    stream.run()
    if (nextPage) listing.run()
  }

  function resume(): void {
    store.apply({ type: 'resumed', at: Date.now() })
    stream.run()
    pulls.run()
    if (store.get().complete) return
    nextPage = undefined
    listing.run()
  }

  async function listRest(): Promise<void> {
    while (nextPage !== null && !stopped) {
      const after: string | undefined = nextPage
      const { tick } = store.get()
      const { conversations } = await perform(MoreConversations, { first: pageSize, after })
      // A resync began another list meanwhile.
      if (nextPage !== after || stopped) continue
      nextPage = conversations.pageInfo.hasNextPage ? conversations.pageInfo.endCursor : null
      const complete = nextPage === null
      store.apply({ type: 'listed', since: tick, conversations: conversations.nodes, complete })
    }
  }

  function open(): void {
    endStream()
    endStream = socket.subscribe(Inbox, () => ({ after: store.get().cursor, streamId }), {
      next: ({ inbox }) => receive(inbox),
      end: (error) => {
        if (!stopped && error) reopening = setTimeout(() => stream.run(), 1_000)
      },
    })
  }

  function receive(event: Event): void {
    if (stopped) return
    store.apply({ type: 'event', event })
    if (event.__typename === 'ResyncRequired') starting.run()
    else {
      acknowledge.handled(event.cursor)
      pulls.run()
    }
    onEvent?.(event)
  }

  const stopWatching = store.subscribe(() => {
    if (store.get().unsure.length > 0) pulls.run()
  })
  if (store.get().cursor !== null) resume()
  else starting.run()
  return {
    stop() {
      stopped = true
      endStream()
      stopWatching()
      acknowledge.stop()
      clearTimeout(reopening)
      for (const work of [pulls, stream, starting, listing]) work.stop()
    },
  }
}
