import type { Entry, State } from '../store/state.ts'
import { conversationsOf, historyOf } from '../store/views.ts'

export interface CacheLimits {
  /** How many conversations are kept: pinned ones first, then the latest. */
  conversations: number
  /** How many of the newest messages of each are kept. */
  messagesEach: number
}

/** Makes the part of a state from which a page can be painted and the stream continued. */
export function snapshots({ conversations, messagesEach }: CacheLimits): (state: State) => State {
  const trimmed = new WeakMap<Entry, Entry>()

  /** The same object for the same entry, so that it is written once. */
  function trim(entry: Entry): Entry {
    const present = trimmed.get(entry)
    if (present) return present
    const next = { ...entry, messages: historyOf(entry, null).items.slice(-messagesEach) }
    trimmed.set(entry, next)
    return next
  }

  return (state) => {
    const listed = conversationsOf(state).slice(0, conversations)
    const entries = Object.fromEntries(listed.map(({ id }) => [id, trim(state.entries[id] as Entry)]))
    return {
      ...state,
      entries,
      complete: state.complete && listed.length === Object.keys(state.entries).length,
      // Requests that are on their way, and lists that are read when they are on screen, end with the page.
      ...{ barred: {}, friends: {}, friendRequests: {}, joinRequests: {}, listsRead: [] },
    }
  }
}
