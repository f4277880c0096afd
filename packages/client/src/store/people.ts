import type {
  Action,
  Dated,
  Entry,
  Friend,
  FriendRequest,
  JoinRequest,
  Message,
  Person,
  State,
} from './state.ts'

type Names = Pick<State, 'people' | 'remarks' | 'entries'>

/** Whether a value of this tick replaces the present one: an answer to a request before the last event does not. */
export const isLater = (present: Dated<unknown> | undefined, at: number) => !present || at >= present.at

const equal = (a: Person, b: Person) =>
  a.displayName === b.displayName && a.avatarUrl === b.avatarUrl && a.deletedAt === b.deletedAt

/** A nickname in a group stays. */
const called = <Part extends Pick<Message, 'sender' | 'senderName'>>(
  message: Part,
  person: Person,
): Part => ({
  ...message,
  sender: person,
  senderName: message.senderName === message.sender?.displayName ? person.displayName : message.senderName,
})

/** A message of an answer to a request before its sender was renamed. */
export function withCurrentName<Part extends Pick<Message, 'sender' | 'senderName'>>(
  { people }: Pick<State, 'people'>,
  message: Part,
  at: number,
): Part {
  const present = message.sender ? people[message.sender.id] : undefined
  return present && !isLater(present, at) ? called(message, present.value) : message
}

/** Messages contain the name of their sender, which has no version. */
export function withPerson<Part extends Names>(state: Part, person: Person, at: number): Part {
  const present = state.people[person.id]
  if (!isLater(present, at)) return state
  const people = { ...state.people, [person.id]: { value: person, at } }
  if (!present || equal(present.value, person)) return { ...state, people }
  const rename = (message: Message) => (message.sender?.id === person.id ? called(message, person) : message)
  const entries = Object.fromEntries(
    Object.entries(state.entries).map(([id, entry]): [string, Entry] => [
      id,
      { ...entry, messages: entry.messages.map(rename) },
    ]),
  )
  return { ...state, people, entries }
}

export function withRemark<Part extends Names>(
  state: Part,
  userId: string,
  value: string | null,
  at: number,
): Part {
  if (!isLater(state.remarks[userId], at)) return state
  return { ...state, remarks: { ...state.remarks, [userId]: { value, at } } }
}

export const withFriend = (state: State, userId: string, value: Friend | null, at: number): State =>
  withRemark(
    isLater(state.friends[userId], at)
      ? { ...state, friends: { ...state.friends, [userId]: { value, at } } }
      : state,
    userId,
    value?.remark ?? null,
    at,
  )

export const withFriendRequest = (state: State, value: FriendRequest, at: number): State =>
  isLater(state.friendRequests[value.id], at)
    ? { ...state, friendRequests: { ...state.friendRequests, [value.id]: { value, at } } }
    : state

export const withJoinRequest = (state: State, value: JoinRequest, at: number): State =>
  isLater(state.joinRequests[value.id], at)
    ? { ...state, joinRequests: { ...state.joinRequests, [value.id]: { value, at } } }
    : state

/** A list of friends or requests. What changed after its request stays. */
export function withPeople(state: State, action: Extract<Action, { type: 'people' }>): State {
  const { since, people = [], friends = [], friendRequests = [], joinRequests = [], listRead } = action
  const involved = [
    ...people,
    ...friends.map(({ user }) => user),
    ...friendRequests.flatMap(({ from, to }) => [from, to]),
    ...joinRequests.map(({ user }) => user),
  ]
  let next = involved.reduce<State>((all, person) => withPerson(all, person, since), state)
  next = friends.reduce((all, friend) => withFriend(all, friend.user.id, friend, since), next)
  next = friendRequests.reduce((all, request) => withFriendRequest(all, request, since), next)
  next = joinRequests.reduce((all, request) => withJoinRequest(all, request, since), next)
  return listRead ? { ...next, listsRead: [...next.listsRead, listRead] } : next
}

/** Requests of other users are visible to the owner and admins; a new one receives them anew. */
export function withoutRequestsTo(state: State, conversationId: string): State {
  if (Object.keys(state.joinRequests).length + state.listsRead.length === 0) return state
  const others = Object.entries(state.joinRequests).filter(
    ([, { value }]) => value.group.conversationId !== conversationId || value.user.id === state.me?.user.id,
  )
  const listsRead = state.listsRead.filter((name) => name !== conversationId)
  return { ...state, joinRequests: Object.fromEntries(others), listsRead }
}
