import { Device, type Fold } from './device.ts'
import { ServerModel, type StoredConversation } from './server-model.ts'

export const verbs = [
  ...[
    'send',
    'send',
    'mention',
    'edit',
    'recall',
    'react',
    'react',
    'read',
    'peerReads',
    'rename',
    'leave',
    'join',
  ],
  ...['renamePerson', 'remark', 'befriend', 'request', 'quote', 'memberReads', 'askPeople', 'cross'],
  ...['hide', 'appoint', 'askToJoin', 'receipts', 'resync', 'joinRequests'],
  ...['flow', 'flow', 'deliver', 'deliver', 'deliver', 'reconnect', 'redeliver', 'takeOver', 'reload'],
  ...['pull', 'page', 'list', 'message', 'positions', 'advance', 'advance', 'advance', 'advance'],
] as const

export type Verb = (typeof verbs)[number]

export interface Step {
  verb: Verb
  conversation: number
  person: number
  number: number
}

interface Scene {
  server: ServerModel
  device: Device
  conversation: StoredConversation
  message: StoredConversation['messages'][number] | undefined
  person: string
  number: number
}

const actions: Record<Step['verb'], (scene: Scene) => unknown> = {
  // Who left cannot send; others can.
  send: ({ server, conversation, person }) =>
    (conversation.joined || person !== 'alice') && server.send(conversation, person, false),
  mention: ({ server, conversation }) => server.send(conversation, 'bob', true),
  edit: ({ server, conversation, message }) => message && server.edit(conversation, message),
  recall: ({ server, conversation, message }) => message && server.recall(conversation, message),
  react: ({ server, conversation, message, person, number }) =>
    message &&
    server.react(conversation, message, conversation.joined ? person : 'bob', number % 2 ? '👍' : '🎉'),
  read: ({ server, conversation, number }) =>
    conversation.joined && server.read(conversation, Math.min(number, conversation.messages.length)),
  peerReads: ({ server, conversation, number }) =>
    server.peerReads(conversation, Math.min(number, conversation.messages.length)),
  rename: ({ server, conversation, number }) =>
    conversation.joined && server.rename(conversation, `name ${number}`),
  leave: ({ server, conversation }) => server.leave(conversation),
  join: ({ server, conversation }) => server.join(conversation),
  renamePerson: ({ server, number }) => server.renamePerson(`bob ${number}`),
  quote: ({ server, conversation, message }) =>
    message && server.send(conversation, 'bob', false, message.seq),
  memberReads: ({ server, conversation, person, number }) =>
    server.memberReads(conversation, person, Math.min(number, conversation.messages.length)),
  befriend: ({ server, number }) => server.befriend(number % 2 === 0),
  request: ({ server, number }) =>
    server.answerRequest((['PENDING', 'ACCEPTED', 'DECLINED'] as const)[number % 3] ?? 'CANCELLED'),
  hide: ({ server, conversation }) => conversation.joined && server.hide(conversation),
  appoint: ({ server, conversation }) => server.appoint(conversation),
  askToJoin: ({ server, conversation, number }) =>
    server.answerJoinRequest(conversation, number % 2 ? 'PENDING' : 'DECLINED'),
  receipts: ({ server, number }) => server.setReadReceipts(number % 2 > 0),
  resync: ({ device }) => device.resync(),
  joinRequests: ({ device }) => device.askForJoinRequests(),
  askPeople: ({ device }) => device.askForPeople(),
  takeOver: ({ device, number }) => device.takeOver(number),
  reload: ({ device, number }) =>
    device.reload({ conversations: 1 + (number % 3), messagesEach: 1 + (number % 4) }),
  remark: ({ server, number }) => server.giveRemark(number % 3 ? `remark ${number}` : null),
  flow: ({ device }) => device.flow(),
  deliver: ({ device }) => device.deliver(),
  reconnect: ({ device }) => device.reconnect(0),
  redeliver: ({ device, number }) => device.reconnect(number),
  cross: ({ server, conversation }) => server.cross(conversation),
  positions: ({ device }) => device.askForPositions(),
  pull: ({ device, conversation, number }) => device.ask('pull', conversation, number),
  page: ({ device, conversation, number }) => device.ask('page', conversation, number),
  list: ({ device, conversation, number }) => device.ask('list', conversation, number),
  message: ({ device, conversation, number }) => device.ask('message', conversation, number),
  advance: ({ device, number }) => device.advance(number),
}

function perform(server: ServerModel, device: Device, { verb, number, ...step }: Step): void {
  const conversation = server.conversations[step.conversation] as StoredConversation
  const users = ['alice', 'bob', ...(conversation.kind === 'direct' ? [] : ['carol'])]
  const person = users[step.person % users.length] as string
  const message = conversation.messages[number % Math.max(1, conversation.messages.length)]
  actions[verb]({ server, device, conversation, message, person, number })
}

/** The state of a device after a history, and the state of one that loads everything then. */
export function play(
  steps: readonly Step[],
  fold: Fold,
  freshFold: Fold,
): { state: object; refetch: object } {
  const server = new ServerModel()
  const device = new Device(server, fold)
  for (const step of steps) perform(server, device, step)
  device.settle()
  const fresh = new Device(server, freshFold)
  fresh.readEverything()
  return { state: device.shown(), refetch: fresh.shown(device.heldIds()) }
}
