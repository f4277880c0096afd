import type {
  FriendPartsFragment,
  FriendRequestPartsFragment,
  InboxSubscription,
  JoinRequestPartsFragment,
  ListedPartsFragment,
  MePartsFragment,
  MessagePartsFragment,
  OwnMessagePartsFragment,
  PersonPartsFragment,
  PullChangesQuery,
  RowPartsFragment,
} from '../generated/documents.ts'

export type Event = InboxSubscription['inbox']
export type Me = MePartsFragment
export type Person = PersonPartsFragment
export type Row = RowPartsFragment
export type Listed = ListedPartsFragment
export type OwnMessage = OwnMessagePartsFragment
export type Friend = FriendPartsFragment
export type FriendRequest = FriendRequestPartsFragment
export type JoinRequest = JoinRequestPartsFragment
export type Changes = PullChangesQuery['conversationChanges'][number]

export interface Reaction {
  readonly emoji: string
  readonly count: number
  readonly reactedByMe: boolean
}

export type SharedMessage = MessagePartsFragment & Pick<OwnMessage, 'conversationId'>
export type Message = Omit<SharedMessage, 'reactions'> & { readonly reactions: readonly Reaction[] }

export interface Position {
  readonly readSeq: number
  readonly deliveredSeq: number
}

/** What is held of one conversation. */
export interface Entry {
  /** Its fields as of `row.version`; numbers that only increase may be newer. */
  readonly row: Row
  /** The tick of the event, or of the request, that delivered the fields. */
  readonly rowAt: number
  /** Every change of a held message up to this version is held. */
  readonly held: number
  /** The greatest version that is known. If it is above `held`, the changes between are to be pulled. */
  readonly known: number
  /** By seq, with gaps where no page was read. */
  readonly messages: readonly Message[]
  /** Positions of members of a group, by user. */
  readonly receipts: Readonly<Record<string, Position>>
}

/** A value without a version, and the tick from which it is. */
export interface Dated<Value> {
  readonly value: Value
  readonly at: number
}

export interface State {
  /** The number of events so far. A request carries the tick at which it was sent. */
  readonly tick: number
  /** Answers to requests of earlier ticks belong to state that was dropped. */
  readonly startedAt: number
  readonly cursor: string | null
  /** Whether this is a kept state, and what happened since then has not arrived. */
  readonly catchingUp: boolean
  readonly me: Me | null
  readonly entries: Readonly<Record<string, Entry>>
  /** Whether `entries` has all conversations of the viewer. */
  readonly complete: boolean
  /** Conversations that an event named and no answer has shown, with the version of the event. */
  readonly wanted: Readonly<Record<string, number>>
  /** The tick at which a conversation was removed: answers to earlier requests must not bring it back. */
  readonly barred: Readonly<Record<string, number>>
  /** Ids of messages to ask for again: reactions whose users an event does not name, or a text with an old name. */
  readonly unsure: readonly string[]
  readonly people: Readonly<Record<string, Dated<Person>>>
  /** The viewer's names for friends. */
  readonly remarks: Readonly<Record<string, Dated<string | null>>>
  /** By user; null for a friendship that ended. */
  readonly friends: Readonly<Record<string, Dated<Friend | null>>>
  readonly friendRequests: Readonly<Record<string, Dated<FriendRequest>>>
  readonly joinRequests: Readonly<Record<string, Dated<JoinRequest>>>
  /** Which of these lists were read, beyond what events delivered: `friends`, `friendRequests`, or a group's id. */
  readonly listsRead: readonly string[]
}

/** What is held by id without a version. */
export type Tables = Pick<State, 'remarks' | 'friends' | 'friendRequests' | 'joinRequests'>
export type ValueOf<Name extends keyof Tables> = Tables[Name][string]['value']

/** A list of friends or of requests, and the users in it. */
export interface PeopleRead {
  type: 'people'
  since: number
  people: readonly Person[]
  values?: readonly {
    [Name in keyof Tables]: [table: Name, id: string, value: ValueOf<Name>]
  }[keyof Tables][]
  /** The list, if this is all of it. */
  listRead?: string
}

export const emptyState: State = {
  tick: 0,
  startedAt: 0,
  cursor: null,
  catchingUp: false,
  me: null,
  entries: {},
  complete: false,
  wanted: {},
  barred: {},
  unsure: [],
  people: {},
  remarks: {},
  friends: {},
  friendRequests: {},
  joinRequests: {},
  listsRead: [],
}

/** From which version the changes of a conversation were asked for. */
export interface Asked {
  readonly conversationId: string
  readonly afterVersion: number
}

export type Action =
  | { type: 'event'; event: Event }
  /** The first screen replaces everything. */
  | { type: 'started'; cursor: string; me: Me; conversations: readonly Listed[]; complete: boolean }
  /** A state that was kept. It replaces nothing. */
  | { type: 'restored'; state: State }
  /** The stream continues from this state, which may be older than requests that are on their way: `at` is greater than their ticks. */
  | { type: 'resumed'; at: number }
  /** A page of conversations, or single ones; `missing` are those that the viewer may no longer see. */
  | {
      type: 'listed'
      since: number
      conversations: readonly Listed[]
      complete?: boolean
      missing?: readonly string[]
    }
  | { type: 'pulled'; since: number; asked: readonly Asked[]; changes: readonly Changes[] }
  /** A page of a history, the answer of a mutation, or the messages with the ids that were `asked` for. */
  | { type: 'read'; since: number; messages: readonly OwnMessage[]; asked?: readonly string[] }
  | PeopleRead
  /** Read positions of members of a group. */
  | { type: 'positions'; since: number; conversationId: string; positions: Readonly<Record<string, number>> }
