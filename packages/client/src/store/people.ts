import { withQuotes } from './messages.ts'
import type { Dated, Entry, Friend, Message, PeopleRead, Person, State, Tables, ValueOf } from './state.ts'

type Names = Pick<State, 'people' | 'remarks' | 'entries' | 'unsure'>

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
  const present = people[message.sender?.id ?? '']
  return present && !isLater(present, at) ? called(message, present.value) : message
}

/** Messages contain the name of their sender, which has no version. */
export function withPerson<Part extends Names>(state: Part, person: Person, at: number): Part {
  const present = state.people[person.id]
  if (!isLater(present, at)) return state
  const people = { ...state.people, [person.id]: { value: person, at } }
  if (!present || equal(present.value, person)) return { ...state, people }
  const unsure = [...state.unsure]
  const rename = (message: Message) => {
    // Texts with names, such as those of system messages, are the server's, and asked for again.
    if (message.plainText.includes(present.value.displayName)) unsure.push(message.id)
    return message.sender?.id === person.id ? called(message, person) : message
  }
  const entries = Object.fromEntries(
    Object.entries(state.entries).map(([id, entry]): [string, Entry] => [
      id,
      { ...entry, messages: withQuotes(entry.messages.map(rename)) },
    ]),
  )
  return { ...state, people, entries, unsure }
}

/** A value without a version replaces the one of an earlier tick. */
export function withValue<Part extends Tables, Name extends keyof Tables>(
  state: Part,
  table: Name,
  id: string,
  value: ValueOf<Name>,
  at: number,
): Part {
  const present: Tables[Name] = state[table]
  return isLater(present[id], at) ? { ...state, [table]: { ...present, [id]: { value, at } } } : state
}

export const withFriend = (state: State, userId: string, value: Friend | null, at: number): State =>
  withValue(withValue(state, 'friends', userId, value, at), 'remarks', userId, value?.remark ?? null, at)

/** A list of friends or requests. What changed after its request stays. */
export function withPeople(state: State, { since, people, values = [], listRead }: PeopleRead): State {
  let next = people.reduce<State>((all, person) => withPerson(all, person, since), state)
  next = values.reduce((all, [table, id, value]) => withValue(all, table, id, value, since), next)
  return listRead ? { ...next, listsRead: [...next.listsRead, listRead] } : next
}

/** Requests of other users are visible to the owner and admins; a new one receives them anew. */
export function withoutRequestsTo(state: State, conversationId: string): State {
  const others = Object.entries(state.joinRequests).filter(
    ([, { value }]) => value.group.conversationId !== conversationId || value.user.id === state.me?.user.id,
  )
  return { ...state, joinRequests: Object.fromEntries(others) }
}
