import { type Mutant, network } from './mutant.ts'

const naming: Mutant['verbs'] = [...network, 'send', 'renamePerson', 'page', 'message', 'list']
const friends: Mutant['verbs'] = [...network, 'befriend', 'remark', 'request', 'askPeople']
const asking: Mutant['verbs'] = [...network, 'askToJoin', 'appoint', 'joinRequests', 'leave', 'join']

/** The rules of people.ts. */
export const people: Mutant[] = [
  {
    rule: 'messages take the new name of their sender',
    from: '? called(message, person) : message',
    to: '? message : message',
    verbs: naming,
    seed: 1,
  },
  {
    rule: 'a nickname in a group stays',
    from: 'message.senderName === message.sender?.displayName ? person.displayName : message.senderName',
    to: 'person.displayName',
    verbs: naming,
    seed: 8,
  },
  {
    rule: 'quotes take the new name of their sender',
    from: 'messages: withQuotes(entry.messages.map(rename))',
    to: 'messages: entry.messages.map(rename)',
    verbs: [...network, 'send', 'quote', 'renamePerson', 'message'],
    seed: 1,
  },
  {
    rule: 'a message of an older answer has the current name',
    from: 'present && !isLater(present, at) ? called(message, present.value) : message',
    to: 'message',
    verbs: naming,
    seed: 8,
  },
  {
    rule: 'an answer does not undo a later name',
    from: 'if (!isLater(present, at)) return state',
    to: '',
    verbs: [...network, 'renamePerson', 'list'],
    seed: 7,
  },
  {
    rule: 'an answer does not undo a later friendship',
    from: 'isLater(present[id], at) ?',
    to: 'true ?',
    verbs: friends,
    seed: 8,
  },
  {
    rule: 'a friendship has the remark',
    from: "'remarks', userId, value?.remark ?? null, at)",
    to: "'remarks', userId, null, at)",
    verbs: friends,
    seed: 1,
  },
  {
    rule: 'a list is kept',
    from: 'values.reduce((all, [table, id, value]) => withValue(all, table, id, value, since), next)',
    to: 'next',
    verbs: friends,
    seed: 1,
  },
  {
    rule: 'requests to join end with the membership',
    from: 'joinRequests: Object.fromEntries(others)',
    to: 'joinRequests: state.joinRequests',
    verbs: asking,
    seed: 1,
  },
]
