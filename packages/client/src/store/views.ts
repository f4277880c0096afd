import { messageAt, windowOf } from './messages.ts'
import type {
  Entry,
  Friend,
  FriendRequest,
  JoinRequest,
  Message,
  Person,
  Position,
  Row,
  State,
} from './state.ts'

/** A conversation as a list shows it. */
export interface Conversation {
  readonly id: string
  readonly kind: 'DIRECT' | 'GROUP'
  readonly title: string
  readonly peer: Person | null
  readonly unreadCount: number
  readonly lastMessage: Message | null
  readonly lastActivityAt: string
  readonly membership: Row['membership']
  readonly details: Row
}

export interface History {
  /** Without a gap, oldest first. */
  readonly items: readonly Message[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

export function conversationOf(state: State, { row, messages }: Entry): Conversation {
  const peer = row.__typename === 'DirectConversation' ? personOf(state, row.peer) : null
  return {
    id: row.id,
    kind: peer ? 'DIRECT' : 'GROUP',
    title: peer ? (state.remarks[peer.id]?.value ?? peer.displayName) : 'name' in row ? row.name : '',
    peer,
    unreadCount: row.messageCount - row.membership.readCount,
    lastMessage: messageAt(messages, row.maxSeq) ?? null,
    lastActivityAt: row.lastActivityAt,
    membership: row.membership,
    details: row,
  }
}

export const personOf = (state: State, person: Person): Person => state.people[person.id]?.value ?? person

/** Pinned ones first, then by latest activity. */
export function conversationsOf(state: State): readonly Conversation[] {
  const rank = ({ membership, lastActivityAt, id }: Conversation) =>
    `${membership.pinned ? 1 : 0} ${lastActivityAt} ${id}`
  return Object.values(state.entries)
    .filter(({ row }) => !row.membership.hidden)
    .map((entry) => conversationOf(state, entry))
    .sort((a, b) => (rank(a) < rank(b) ? 1 : -1))
}

/** The total in the viewer's lists: the server's lags behind by up to a second, so it serves only while rows are missing. */
export function unreadTotalOf(state: State): number {
  if (!state.complete) return state.me?.unreadCount ?? 0
  return Object.values(state.entries)
    .filter(({ row }) => !row.membership.doNotDisturb)
    .reduce((total, { row }) => total + row.messageCount - row.membership.readCount, 0)
}

/** The messages around a number; null for the newest ones. */
export function historyOf({ row, messages }: Entry, around: number | null): History {
  const items = windowOf(messages, around ?? row.maxSeq)
  const first = items[0]?.seq ?? row.maxSeq + 1
  return {
    items,
    hasOlder: first > Math.max(1, row.membership.visibleFromSeq),
    hasNewer: (items.at(-1)?.seq ?? row.maxSeq) < row.maxSeq,
  }
}

export function receiptsOf({ row, receipts }: Entry): Readonly<Record<string, Position>> {
  if (row.__typename !== 'DirectConversation') return receipts
  return { [row.peer.id]: { readSeq: row.peerReadSeq, deliveredSeq: row.peerDeliveredSeq } }
}

const newestFirst = (a: { createdAt: string }, b: { createdAt: string }) =>
  a.createdAt < b.createdAt ? 1 : -1

/** Friends with their current names, by remark or else display name. */
export function friendsOf(state: State): readonly Friend[] {
  const title = ({ remark, user }: Friend) => remark ?? user.displayName
  return Object.entries(state.friends)
    .flatMap(([id, { value }]) => {
      const remark = state.remarks[id]?.value ?? null
      return value ? [{ ...value, remark, user: personOf(state, value.user) }] : []
    })
    .sort((a, b) => title(a).localeCompare(title(b)))
}

export interface FriendRequests {
  readonly incoming: readonly FriendRequest[]
  readonly outgoing: readonly FriendRequest[]
}

/** Pending requests, newest first. */
export function friendRequestsOf(state: State): FriendRequests {
  const viewerId = state.me?.user.id
  const pending = Object.values(state.friendRequests)
    .map(({ value }) => ({ ...value, from: personOf(state, value.from), to: personOf(state, value.to) }))
    .filter(({ status }) => status === 'PENDING')
    .sort(newestFirst)
  return {
    incoming: pending.filter(({ to }) => to.id === viewerId),
    outgoing: pending.filter(({ from }) => from.id === viewerId),
  }
}

/** Pending requests to join a group, newest first. */
export const joinRequestsOf = (state: State, conversationId: string): readonly JoinRequest[] =>
  Object.values(state.joinRequests)
    .map(({ value }) => ({ ...value, user: personOf(state, value.user) }))
    .filter(({ status, group }) => status === 'PENDING' && group.conversationId === conversationId)
    .sort(newestFirst)
