import { keepMessages, messageAt } from './messages.ts'
import {
  withCurrentName,
  withFriend,
  withoutRequestsTo,
  withPeople,
  withPerson,
  withValue,
} from './people.ts'
import { mergePositions, mergeRows, readBySending, receivedBySending, withNumbers, withPeer } from './row.ts'
import {
  type Action,
  type Changes,
  type Entry,
  type Event,
  emptyState,
  type Listed,
  type Position,
  type Row,
  type SharedMessage,
  type State,
} from './state.ts'

/** More events than a request takes. */
const leap = 1_000_000

/**
 * The state after an event or an answer. Versions decide, so that both may come in any order, late, and repeatedly. What
 * has no version is ordered by ticks: an answer does not replace what an event delivered after its request.
 */
export function fold(state: State, action: Action): State {
  if (action.type === 'event') return foldEvent(later(state), action.event)
  if (action.type === 'started') {
    const { cursor, me, conversations, complete } = action
    const tick = state.tick + 1
    const fresh: State = { ...emptyState, tick, startedAt: tick, cursor, me, complete }
    return conversations.reduce((next, listed) => list(next, listed, tick), fresh)
  }
  if (action.type === 'resumed') return { ...state, tick: Math.max(state.tick + leap, action.at) }
  if (action.type === 'restored') {
    if (state.cursor !== null) return state
    const tick = Math.max(state.tick, action.state.tick) + leap
    return { ...action.state, tick, startedAt: tick, catchingUp: true }
  }
  const { since } = action
  if (since < state.startedAt) return state
  switch (action.type) {
    case 'listed': {
      const wanted = without(state.wanted, action.missing ?? [])
      const next = { ...state, wanted, complete: action.complete ?? state.complete }
      return action.conversations.reduce((all, listed) => list(later(all), listed, since), next)
    }
    case 'pulled': {
      const found = new Map(action.changes.map((changes) => [changes.conversation.id, changes]))
      return action.asked.reduce((all, { conversationId: id, afterVersion }) => {
        const changes = found.get(id)
        // The viewer lost access; the event that says so follows.
        if (!changes) return update(all, id, (entry) => ({ ...entry, known: entry.held }))
        return pull(all, changes, afterVersion, since)
      }, state)
    }
    case 'read': {
      const { asked = [] } = action
      const next = { ...state, unsure: state.unsure.filter((id) => !asked.includes(id)) }
      return action.messages.reduce<State>(
        (all, message) =>
          isBarred(all, message.conversationId, since)
            ? all
            : keep(all, message.conversationId, [message], since),
        next,
      )
    }
    case 'people':
      // Requests to join a group that the viewer left meanwhile are in a list of its id.
      return isBarred(state, action.listRead ?? '', since) ? state : withPeople(state, action)
    case 'positions':
      return Object.entries(action.positions).reduce(
        (all, [userId, readSeq]) =>
          receive(all, action.conversationId, userId, { readSeq, deliveredSeq: readSeq }),
        state,
      )
  }
}

function foldEvent(before: State, event: Event): State {
  // The first screen follows.
  if (event.__typename === 'ResyncRequired') return before
  const state = { ...before, cursor: event.cursor }
  switch (event.__typename) {
    case 'MessagesChanged': {
      const { conversationId: id, fromVersion, version } = event
      const held = state.entries[id]
      if (!held) return want(state, id, version)
      // What an answer overtook may have changed since without an event, if the group was large meanwhile.
      const messages = event.messages
        .filter(({ seq }) => version > held.held || messageAt(held.messages, seq))
        .map((message) => ({ ...message, conversationId: id }))
      return update(keep(state, id, messages, state.tick), id, ({ row, ...entry }) =>
        withVersions({ ...entry, row: withNumbers(row, event) }, fromVersion, version),
      )
    }
    case 'ConversationSignal': {
      if (!state.entries[event.conversationId]) return want(state, event.conversationId, event.version)
      return update(state, event.conversationId, (entry) => ({
        ...entry,
        row: withNumbers(entry.row, event),
        known: Math.max(entry.known, event.version),
      }))
    }
    case 'ConversationChanged':
      return list(state, event.conversation, state.tick)
    case 'ConversationRemoved': {
      const { conversationId: id } = event
      const { entries, wanted } = state
      const rest = { ...state, entries: without(entries, [id]), wanted: without(wanted, [id]) }
      return bar(withoutRequestsTo(rest, id), id)
    }
    case 'ReceiptsChanged':
      if (!state.entries[event.conversationId])
        return want(bar(state, event.conversationId), event.conversationId, 0)
      return receive(state, event.conversationId, event.userId, event)
    case 'UserChanged':
      return withPerson(state, event.user, state.tick)
    case 'FriendshipChanged':
      return withFriend(state, event.userId, event.friendship, state.tick)
    case 'FriendRequestChanged':
      return withValue(state, 'friendRequests', event.friendRequest.id, event.friendRequest, state.tick)
    case 'JoinRequestChanged':
      return withValue(state, 'joinRequests', event.joinRequest.id, event.joinRequest, state.tick)
    case 'MeChanged':
      return withPerson({ ...state, me: event.me }, event.me.user, state.tick)
    case 'Checkpoint':
      return event.caughtUp ? { ...state, catchingUp: false } : state
    default:
      return state
  }
}

/** A conversation with its newest message, from an event of this tick or an answer to a request of an earlier one. */
function list(state: State, { lastMessage, ...row }: Listed, at: number): State {
  if (isBarred(state, row.id, at)) return state
  const held = state.entries[row.id]
  const present = held && !joinedAgain(held, row) ? held : undefined
  const known = Math.max(row.version, state.wanted[row.id] ?? 0)
  const entry: Entry = present
    ? withRow(present, row, at)
    : { row, rowAt: at, held: row.version, known, messages: [], receipts: {} }
  const entries = { ...state.entries, [row.id]: entry }
  const next = named({ ...state, entries, wanted: without(state.wanted, [row.id]) }, row, at)
  // Changes of a message between an older row and the held version would be missing.
  if (present)
    return lastMessage && row.version >= present.held ? keep(next, row.id, [lastMessage], at) : next
  // So would those between an older answer and the beginning of the entry.
  return bar(lastMessage ? keep(next, row.id, [lastMessage], at) : next, row.id)
}

/** Whether the viewer left and joined since: what is held may not be visible to a new member, and is not kept up to date. */
const joinedAgain = ({ row }: Entry, { membership }: Row) => membership.joinedAt > row.membership.joinedAt

/** The position of a user, from an event or from a list of members. */
const receive = (state: State, id: string, userId: string, position: Position): State =>
  update(state, id, (entry) => ({
    ...entry,
    row: withPeer(entry.row, position),
    receipts: { ...entry.receipts, [userId]: mergePositions(entry.receipts[userId], position) },
  }))

function pull(state: State, changes: Changes, fromVersion: number, at: number): State {
  const { conversation, version, messages } = changes
  const { id } = conversation
  const held = state.entries[id]
  if (isBarred(state, id, at) || !held) return state
  if (joinedAgain(held, conversation)) return want(state, id, version)
  const next = update(keep(state, id, messages, at), id, (entry) =>
    withVersions(withRow(entry, conversation, at), fromVersion, version),
  )
  return named(next, conversation, at)
}

/** The changes between two versions are held. They raise the held version only if those before them are held, too. */
const withVersions = (entry: Entry, from: number, to: number): Entry => ({
  ...entry,
  held: entry.held >= from ? Math.max(entry.held, to) : entry.held,
  known: Math.max(entry.known, to),
})

/** Newer fields replace older ones; for the same version, what was read before the last event does not. */
function withRow(entry: Entry, row: Row, at: number): Entry {
  const newer = row.version > entry.row.version || (row.version === entry.row.version && at >= entry.rowAt)
  return newer ? { ...entry, row: mergeRows(entry.row, row), rowAt: Math.max(at, entry.rowAt) } : entry
}

/** Messages of an event or an answer, with what they say about reading and about their senders. */
function keep(state: State, id: string, incoming: readonly SharedMessage[], at: number): State {
  const entry = state.entries[id]
  if (!entry) return state
  const { messages, unsure, sure } = keepMessages(
    entry.messages,
    incoming.map((message) => withCurrentName(state, message, at)),
  )
  const viewerId = state.me?.user.id
  const row = incoming.reduce(
    (all, message) => readBySending(all, { ...message, reactions: [] }, viewerId),
    entry.row,
  )
  const receipts = incoming.reduce(receivedBySending, entry.receipts)
  const next: State = {
    ...state,
    entries: { ...state.entries, [id]: { ...entry, messages, row, receipts } },
    unsure: [...state.unsure.filter((other) => ![...sure, ...unsure].includes(other)), ...unsure],
  }
  const people = incoming.flatMap(({ sender }) => (sender ? [sender] : []))
  return people.reduce((all, person) => withPerson(all, person, at), next)
}

function named(state: State, row: Row, at: number): State {
  if (row.__typename !== 'DirectConversation')
    return state.entries[row.id]?.row.membership.role === 'MEMBER' ? withoutRequestsTo(state, row.id) : state
  const { friendship, ...peer } = row.peer
  return withValue(withPerson(state, peer, at), 'remarks', peer.id, friendship?.remark ?? null, at)
}

const later = (state: State): State => ({ ...state, tick: state.tick + 1 })

const want = (state: State, id: string, version: number): State => ({
  ...state,
  wanted: { ...state.wanted, [id]: Math.max(state.wanted[id] ?? 0, version) },
})

/** From now on, answers to earlier requests do not show a conversation. */
const bar = (state: State, id: string): State => ({ ...state, barred: { ...state.barred, [id]: state.tick } })

const isBarred = (state: State, id: string, at: number) => (state.barred[id] ?? -1) > at

function update(state: State, id: string, change: (entry: Entry) => Entry): State {
  const entry = state.entries[id]
  return entry ? { ...state, entries: { ...state.entries, [id]: change(entry) } } : state
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  keys: readonly string[],
): Readonly<Record<string, Value>> {
  if (!keys.some((key) => key in record)) return record
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)))
}
