import { randomUUID } from 'node:crypto'
import { invites } from '../../group/verbs.ts'
import { pins } from '../../message/verbs.ts'
import { type Person, passwordOf } from '../../world/person.ts'
import type { Scene } from './scene.ts'
import type { Spare } from './spare.ts'

type Input = object | undefined

export interface Write {
  /** The input of a call by this user, about what is vera's or about what is the user's own. */
  input: (scene: Scene, caller: Person, spare: Spare) => Input | Promise<Input>
  /** The device that calls, if it is not the user's usual one. */
  device?: (caller: Person) => Promise<Person>
}

const about = (input: Write['input']): Write => ({ input })

const key = () => randomUUID()
const nextPassword = 'another good one'
const reason = 'Watches.'

const message: Record<string, Write> = {
  sendMessage: about(({ groupId }) => ({
    conversationId: groupId,
    clientMessageId: key(),
    content: { text: 'hello' },
  })),
  editMessage: about(({ message }) => ({ messageId: message.id, content: { text: 'about zanzibar again' } })),
  recallMessage: about(async (_, _caller, spare) => ({ messageId: await spare.id('message') })),
  addReaction: about(({ message }) => ({ messageId: message.id, emoji: '👍' })),
  removeReaction: about(({ picture }) => ({ messageId: picture.id, emoji: '👍' })),
  pinMessage: about(async (_, _caller, spare) => ({ messageId: await spare.id('message') })),
  unpinMessage: about(async ({ cast }, _, spare) => {
    const id = await spare.id('message')
    await pins(cast.alice, { id })
    return { messageId: id }
  }),
  forwardMessages: about(async ({ groupId, message }, caller, spare) => ({
    mode: 'SEPARATE',
    sourceConversationId: groupId,
    seqs: [message.seq],
    targets: [{ conversationId: await spare.notesOf(caller), clientMessageId: key() }],
  })),
  markRead: about(({ groupId }) => ({ conversationId: groupId, readSeq: 1 })),
  reportMessage: about(({ picture }) => ({ messageId: picture.id, reason: 'SPAM' })),
  updateMembership: about(({ groupId }) => ({ conversationId: groupId, nickname: 'Al' })),
  sendTyping: about(({ groupId }) => ({ conversationId: groupId })),
}

const group: Record<string, Write> = {
  createGroup: about(({ cast }) => ({ name: 'trap', memberIds: [cast.vera.id] })),
  addGroupMembers: about(({ groupId, cast }) => ({ groupId, userIds: [cast.guest.id] })),
  approveJoinRequest: about(async (_, _caller, spare) => ({ joinRequestId: await spare.id('joinRequest') })),
  declineJoinRequest: about(async (_, _caller, spare) => ({ joinRequestId: await spare.id('joinRequest') })),
  createGroupInvite: about(({ groupId }) => ({ groupId })),
  revokeGroupInvite: about(async ({ cast, groupId }) => ({
    inviteCode: (await invites(cast.alice, groupId)).inviteCode,
  })),
  postAnnouncement: about(({ groupId }) => ({ groupId, text: 'No dogs.' })),
  updateGroup: about(({ groupId }) => ({ groupId, description: 'A club.' })),
  muteGroupMember: about(async ({ cast }, _, spare) => ({
    groupId: await spare.id('club'),
    userId: cast.vera.id,
    until: '2100-01-01T00:00:00.000Z',
  })),
  setGroupMemberRole: about(async ({ cast }, _, spare) => ({
    groupId: await spare.id('club'),
    userId: cast.vera.id,
    role: 'ADMIN',
  })),
  removeGroupMember: about(async ({ cast }, _, spare) => ({
    groupId: await spare.id('club'),
    userId: cast.vera.id,
  })),
  transferGroup: about(async ({ cast }, _, spare) => ({
    groupId: await spare.id('club'),
    userId: cast.vera.id,
  })),
  joinGroup: about(async (_, _caller, spare) => ({ group: { groupId: await spare.id('club') } })),
  leaveGroup: about(async (_, _caller, spare) => ({ groupId: await spare.id('club') })),
  dissolveGroup: about(async (_, _caller, spare) => ({ groupId: await spare.id('club') })),
}

const victim = about(async (_, _caller, spare) => ({ userId: await spare.id('victim') }))

const contact: Record<string, Write> = {
  openDirectConversation: victim,
  requestFriend: victim,
  acceptFriendRequest: about(async (_, _caller, spare) => ({ friendRequestId: await spare.id('requestTo') })),
  declineFriendRequest: about(async (_, _caller, spare) => ({
    friendRequestId: await spare.id('requestTo'),
  })),
  cancelFriendRequest: about(async (_, _caller, spare) => ({
    friendRequestId: await spare.id('requestFrom'),
  })),
  setFriendRemark: about(({ friend }) => ({ userId: friend.id, remark: 'Fi' })),
  removeFriend: victim,
  blockUser: victim,
  unblockUser: victim,
}

const device: Record<string, Write> = {
  completeUpload: about(({ uploadId }) => ({ mediaId: uploadId })),
  testPush: about(({ deviceId }) => ({ pushDeviceId: deviceId })),
  removePushDevice: about(({ deviceId }) => ({ pushDeviceId: deviceId })),
  revokeSession: about(({ sessionId }) => ({ sessionId })),
}

const moderation: Record<string, Write> = {
  resolveReport: about(({ reportId }) => ({ reportId, outcome: 'DISMISSED' })),
  suspendUser: about(({ suspect }) => ({ userId: suspect.id, reason })),
  restoreUser: about(({ suspect }) => ({ userId: suspect.id })),
  endUserSessions: about(({ suspect }) => ({ userId: suspect.id, reason })),
  inspectConversation: about(({ groupId }) => ({ conversationId: groupId, reason })),
}

/** Calls about the caller's own account; the last ones end sessions. */
const account: Record<string, Write> = {
  acknowledge: about(async (_, caller) => ({ cursor: await caller.syncCursor().catch(() => '') })),
  createUpload: about(() => ({ filename: 'b.txt', mimeType: 'text/plain', byteSize: 5 })),
  registerPushDevice: about(() => ({ provider: 'FCM', token: key().padEnd(140, 'x') })),
  setPresence: about(() => ({ status: 'BUSY' })),
  setReadReceipts: about(() => ({ enabled: true })),
  updateNotificationSettings: about(() => ({ push: true })),
  updateProfile: about(() => ({ bio: 'x' })),
  requestContactVerification: about(() => ({ channel: 'EMAIL' })),
  verifyContact: about(() => ({ channel: 'EMAIL', code: '000000' })),
  requestPasswordReset: about((_, { handle }) => ({ handle })),
  resetPassword: about((_, { handle }) => ({ handle, code: '00000000', password: nextPassword })),
  register: about(() => ({
    handle: `n${key().replace(/[^a-f]/g, '')}`,
    displayName: 'New',
    password: nextPassword,
  })),
  login: about((_, { handle }) => ({ handle, password: passwordOf(handle) })),
  refreshSession: about(async ({ cast }, caller) => {
    const { credentials } = caller === cast.ended ? caller : await caller.onAnotherDevice('spare')
    return { refreshToken: credentials.refreshToken }
  }),
  renewSession: about((_, { credentials }) => ({ accessToken: credentials.accessToken })),
  logout: { input: () => undefined, device: (caller) => caller.onAnotherDevice('spare') },
  revokeOtherSessions: about(() => undefined),
  changePassword: about((_, { handle }) => ({ current: passwordOf(handle), next: nextPassword })),
  deleteAccount: about(() => ({ password: nextPassword })),
}

/** A call of every mutation, in an order in which none changes the answers of a later one. */
export const writes: Record<string, Write> = {
  ...message,
  ...group,
  ...contact,
  ...device,
  ...moderation,
  ...account,
}
