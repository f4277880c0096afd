import type { Dated, Entry, Message, Person, State } from './state.ts'

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
