import { expect, test } from 'vitest'
import { buildSchema } from '../../../src/schema.ts'
import { textPlaces } from '../../attack/call-any-field.ts'
import { ask } from '../../server/wire.ts'
import { useWorld } from '../../world/world.ts'
import { type GivenError, textOf } from './errors/perform.ts'

const world = useWorld()
const schema = buildSchema()
const long = 'x'.repeat(5_000)

/** Several faults in the input of a mutation, and their paths below `input`. */
const faults: Record<string, [input: (ownId: string) => object, paths: string[]]> = {
  acknowledge: [() => ({ cursor: 'x', streamId: '' }), ['cursor', 'streamId']],
  createGroup: [
    () => ({ name: '', memberIds: [], description: long, idempotencyKey: '' }),
    ['description', 'idempotencyKey', 'name'],
  ],
  createUpload: [() => ({ filename: '', mimeType: 'x', byteSize: 0 }), ['byteSize', 'filename', 'mimeType']],
  forwardMessages: [
    () => ({
      mode: 'MERGED',
      sourceConversationId: 'x',
      seqs: [0, -1],
      targets: [{ conversationId: 'x', clientMessageId: '' }],
    }),
    ['seqs.0', 'seqs.1', 'targets.0.clientMessageId'],
  ],
  register: [
    () => ({
      handle: '',
      displayName: '',
      password: '',
      email: 'x',
      device: { name: long, platform: 'WEB' },
    }),
    ['device.name', 'displayName', 'email', 'handle', 'password'],
  ],
  registerPushDevice: [() => ({ provider: 'FCM', token: '', locale: '?' }), ['locale', 'token']],
  requestFriend: [(ownId) => ({ userId: ownId, note: long }), ['note', 'userId']],
  sendMessage: [
    () => ({ conversationId: 'x', clientMessageId: '', quoteSeq: 0, content: { text: '' } }),
    ['clientMessageId', 'content.text', 'quoteSeq'],
  ],
  setGroupMemberRole: [(ownId) => ({ groupId: 'x', userId: ownId, role: 'OWNER' }), ['role', 'userId']],
  updateGroup: [
    () => ({ groupId: 'x', name: '', description: long, slowModeSeconds: -1 }),
    ['description', 'name', 'slowModeSeconds'],
  ],
  updateMembership: [() => ({ conversationId: 'x', nickname: long, draft: long }), ['draft', 'nickname']],
  updateProfile: [
    () => ({ displayName: '', bio: long, email: 'x', phone: 'x' }),
    ['bio', 'displayName', 'email', 'phone'],
  ],
}

/** Mutations that check at most one field before they read data. */
const withOneCheck = [
  ...['acceptFriendRequest', 'addGroupMembers', 'addReaction', 'approveJoinRequest', 'blockUser'],
  ...['cancelFriendRequest', 'changePassword', 'completeUpload', 'createGroupInvite', 'declineFriendRequest'],
  ...[
    'declineJoinRequest',
    'deleteAccount',
    'dissolveGroup',
    'editMessage',
    'endUserSessions',
    'inspectConversation',
    'joinGroup',
    'leaveGroup',
    'login',
  ],
  ...['logout', 'markRead', 'muteGroupMember', 'openDirectConversation', 'pinMessage', 'postAnnouncement'],
  ...['recallMessage', 'refreshSession', 'removeFriend', 'removeGroupMember', 'removePushDevice'],
  ...['removeReaction', 'renewSession', 'reportMessage', 'requestContactVerification', 'resolveReport'],
  ...['requestPasswordReset', 'resetPassword'],
  ...['restoreUser', 'revokeGroupInvite', 'revokeOtherSessions', 'revokeSession', 'sendTyping'],
  ...['setFriendRemark', 'setPresence', 'setReadReceipts', 'suspendUser', 'testPush', 'transferGroup'],
  ...['unblockUser', 'unpinMessage', 'updateNotificationSettings', 'verifyContact'],
]

test('every mutation is in one of the two lists', () => {
  const all = Object.keys(schema.getMutationType()?.getFields() ?? {})
  expect([...Object.keys(faults), ...withOneCheck].sort()).toEqual(all.sort())
})

const pathsIn = (errors: GivenError[] = []) =>
  errors.flatMap(({ extensions }) => [
    String(extensions.code),
    ...((extensions.issues ?? []) as { path: string }[]).map(({ path }) => path),
  ])

test.each(Object.entries(faults))(
  '%s reports all faults of its input at once',
  async (mutation, [input, paths]) => {
    const alice = await world.person('alice')
    const { body } = await ask(world.url, textOf(mutation), alice.credentials.accessToken, {
      input: input(alice.id),
    })
    const [code, ...found] = pathsIn(body.errors)
    expect(code).toBe('INVALID_INPUT')
    expect([...new Set(found)].sort()).toEqual(paths.map((path) => `input.${path}`))
  },
)

test('every mutation reports all texts that cannot be stored at once', async () => {
  const alice = await world.person('alice')
  const places = textPlaces(schema, {}, ['mutation']).filter(({ scalar }) =>
    /^(String|ID|SyncCursor)$/.test(scalar),
  )
  const mutations = new Set(places.map(({ name }) => name.slice(0, name.indexOf('.'))))
  for (const mutation of mutations) {
    // The fields of the input itself, so that they can be given together.
    const fields = places.filter(({ name }) => new RegExp(`^${mutation}\\.input\\.\\w+$`).test(name))
    if (fields.length < 2) continue
    const input: Record<string, unknown> = {}
    for (const { name, variables } of fields) {
      const given = variables('a\0').input as Record<string, unknown>
      const own = name.slice(name.lastIndexOf('.') + 1)
      Object.assign(input, { ...given, ...input, [own]: given[own] })
    }
    const { body } = await ask(world.url, textOf(mutation), alice.credentials.accessToken, { input })
    const [, ...found] = pathsIn(body.errors)
    expect(found.map((path) => path.replace(/\.\d+$/, '')).sort()).toEqual(
      fields.map(({ name }) => name.slice(mutation.length + 1)).sort(),
    )
  }
})
