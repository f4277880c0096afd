import { accepts, asks, blocks, cancels } from '../../../../contact/verbs.ts'
import type { Person } from '../../../../world/person.ts'
import { type Call, long, type Scene, type Scenes, type Stage } from '../stage.ts'

const toward = (as: Person, { id }: { id: string }, more: object = {}): Call => ({
  as,
  input: { userId: id, ...more },
})

const onSelf: Scene = ({ alice }) => toward(alice, alice)

const everyone = { directMessagesFrom: 'everyone' } as const

/** A friend request, as one of the two resolves it. */
const requested =
  (by: 'sender' | 'recipient', resolvedBy?: 'sender' | 'recipient'): Scene =>
  async ({ world }: Stage) => {
    const [sender, recipient] = await world.people('pam', 'quinn')
    const { id } = await asks(sender, recipient)
    if (resolvedBy === 'recipient') await accepts(recipient, { id })
    if (resolvedBy === 'sender') await cancels(sender, { id })
    return { as: by === 'sender' ? sender : recipient, input: { friendRequestId: id } }
  }

const moderating =
  ({ id }: { id: string }, more: object = { reason: 'Watches.' }): Scene =>
  ({ molly }) =>
    toward(molly, { id }, more)

export const peopleScenes: Scenes = {
  requestFriend: {
    BLOCKED: ({ alice, dave }) => toward(alice, dave),
    CONFLICT: ({ alice, bob }) => toward(alice, bob),
    INVALID_INPUT: onSelf,
    NOT_FOUND: ({ alice }) => toward(alice, { id: 'unknown' }),
    RATE_LIMITED: async ({ world }) => {
      const [eager, ...others] = await world.people(
        'rob',
        'sam',
        'tom',
        'uma',
        'vic',
        'wes',
        'xia',
        'yan',
        'zoe',
        'abe',
      )
      for (const other of others.slice(1)) await asks(eager, other)
      return toward(eager, others[0])
    },
  },
  acceptFriendRequest: { CONFLICT: requested('recipient', 'sender'), FORBIDDEN: requested('sender') },
  declineFriendRequest: { CONFLICT: requested('recipient', 'sender'), FORBIDDEN: requested('sender') },
  cancelFriendRequest: { CONFLICT: requested('sender', 'recipient'), FORBIDDEN: requested('recipient') },
  removeFriend: { NOT_FOUND: ({ alice }) => toward(alice, { id: 'unknown' }) },
  setFriendRemark: { INVALID_INPUT: ({ alice, bob }) => toward(alice, bob, { remark: long }) },
  blockUser: { INVALID_INPUT: onSelf, NOT_FOUND: ({ alice }) => toward(alice, { id: 'unknown' }) },
  unblockUser: { NOT_FOUND: ({ alice }) => toward(alice, { id: 'unknown' }) },
  openDirectConversation: {
    BLOCKED: async ({ world, alice }) => {
      const ben = await world.person('ben')
      await blocks(alice, ben)
      return toward(alice, ben)
    },
    INVALID_INPUT: onSelf,
    NOT_FOUND: ({ alice }) => toward(alice, { id: 'unknown' }),
    NOT_FRIENDS: ({ mallory, alice }) => toward(mallory, alice),
    RATE_LIMITED: async ({ world }) => {
      const [chatty, ...strangers] = await world.people(...'abcdefghij')
      const open = strangers.map(
        ({ id }, at) => `a${at}: openDirectConversation(input: { userId: "${id}" }) { __typename }`,
      )
      return { as: chatty as Person, text: `mutation { ${open.join(' ')} }`, settings: everyone }
    },
  },
  suspendUser: {
    INVALID_INPUT: ({ molly, mallory }) => toward(molly, mallory, { reason: '' }),
    NOT_FOUND: moderating({ id: 'unknown' }),
  },
  endUserSessions: {
    INVALID_INPUT: ({ molly, mallory }) => toward(molly, mallory, { reason: '' }),
    NOT_FOUND: moderating({ id: 'unknown' }),
  },
  inspectConversation: {
    INVALID_INPUT: ({ molly, targets }) => ({
      as: molly,
      input: { conversationId: targets.groupId, reason: '' },
    }),
    NOT_FOUND: ({ molly }) => ({ as: molly, input: { conversationId: 'unknown', reason: 'Watches.' } }),
  },
  restoreUser: { NOT_FOUND: moderating({ id: 'unknown' }, {}) },
  resolveReport: {
    CONFLICT: async ({ molly, targets }) => ({
      as: molly,
      input: { reportId: targets.reportId, outcome: 'DISMISSED' },
      upTo: 2,
    }),
    INVALID_INPUT: ({ molly, targets }) => ({
      as: molly,
      input: { reportId: targets.reportId, outcome: 'DISMISSED', note: long },
    }),
    NOT_FOUND: ({ molly }) => ({ as: molly, input: { reportId: 'unknown', outcome: 'DISMISSED' } }),
  },
  updateProfile: {
    INVALID_INPUT: ({ alice }) => ({ as: alice, input: { bio: long } }),
    NOT_FOUND: ({ alice }) => ({ as: alice, input: { avatarMediaId: 'unknown' } }),
  },
  updateNotificationSettings: {
    INVALID_INPUT: ({ alice }) => ({ as: alice, input: { quietFrom: '22:00' } }),
  },
}
