import type { Entry, State } from '../store/state.ts'
import { historyOf } from '../store/views.ts'

export interface CacheLimits {
  /** How many conversations are kept: pinned ones first, then the latest. */
  conversations: number
  /** How many of the newest messages of each are kept. */
  messagesEach: number
}

type Rest = Omit<State, 'entries'>

export interface Snapshot {
  rest: Rest
  entries: readonly Entry[]
}

const rank = ({ row: { membership, lastActivityAt, id } }: Entry) =>
  `${membership.pinned ? 1 : 0} ${lastActivityAt} ${id}`

/** Makes the part of a state from which a page can be painted and the stream continued. */
export function snapshots({ conversations, messagesEach }: CacheLimits): (state: State) => Snapshot {
  const trimmed = new WeakMap<Entry, Entry>()

  /** The same object for the same entry, so that it is written once. */
  function trim(entry: Entry): Entry {
    const present = trimmed.get(entry)
    if (present) return present
    const next = { ...entry, messages: historyOf(entry, null).items.slice(-messagesEach) }
    trimmed.set(entry, next)
    return next
  }

  return ({ entries: held, ...state }) => {
    const all = Object.values(held).sort((a, b) => (rank(a) < rank(b) ? 1 : -1))
    const entries = all.slice(0, conversations).map(trim)
    const rest = {
      ...state,
      complete: state.complete && entries.length === all.length,
      // Requests that are on their way, and lists that are read when they are on screen, end with the page.
      ...{ barred: {}, friends: {}, friendRequests: {}, joinRequests: {}, listsRead: [] },
    }
    return { rest, entries }
  }
}

export const stateOf = ({ rest, entries }: Snapshot): State => ({
  ...rest,
  entries: Object.fromEntries(entries.map((entry) => [entry.row.id, entry])),
})
