import { randomUUID } from 'node:crypto'
import { refreshesTokens } from '../auth/verbs.ts'
import { asks } from '../contact/verbs.ts'
import { announces, asksToJoin, invites } from '../group/verbs.ts'
import { createsUpload, sendsBytes } from '../media/verbs.ts'
import { reportOf, reportsMessage } from '../moderation/verbs.ts'
import type { MailServer } from '../notification/servers/mail.ts'
import { type Person, passwordOf } from '../world/person.ts'
import type { World } from '../world/world.ts'

export type Scene = Awaited<ReturnType<typeof sceneOf>>

/** Alice with everything that her mutations change. */
export async function sceneOf(world: World, molly: Person, mail: MailServer) {
  const [alice, bob] = await world.friends('alice', 'bob')
  const [carol, dave, erin, frank, grace] = await world.people('carol', 'dave', 'erin', 'frank', 'grace')
  const people = { alice, bob, carol, dave, erin, frank, grace, molly }
  const direct = await alice.opens(bob)
  const group = await alice.creates('the club', [bob, carol, molly], { joinPolicy: 'APPROVAL' })
  const other = await bob.creates('another club', [alice])
  const last = await alice.creates('the last club', [bob])
  const greeting = await bob.sends(group.id, 'hello')
  const own = await alice.sends(group.id, 'hello yourself')
  const reported = await carol.sends(group.id, 'cheap watches')
  await bob.sends(direct.id, 'unread')
  await announces(alice, group.id, 'No smoking.')
  const incoming = await asks(dave, alice)
  const declined = await asks(erin, alice)
  const outgoing = await asks(alice, frank)
  const toApprove = await asksToJoin(dave, group.id)
  const toDecline = await asksToJoin(erin, group.id)
  await asksToJoin(frank, group.id)
  const { inviteCode } = await invites(alice, group.id)
  const ticket = await createsUpload(alice, { filename: 'a.txt', mimeType: 'text/plain', byteSize: 5 })
  await sendsBytes(ticket, Buffer.from('hello'))
  await reportsMessage(bob, reported, 'SPAM')
  const phone = await alice.onAnotherDevice('phone')
  return {
    ...people,
    mail,
    phone,
    direct,
    group,
    other,
    last,
    greeting,
    own,
    reported,
    incoming,
    declined,
    outgoing,
    toApprove,
    toDecline,
    inviteCode,
    mediaId: ticket.media.id,
  }
}

export interface Call {
  as?: Person
  input?: object
  /** Only a socket can be renewed. */
  over?: 'socket'
}

const key = () => randomUUID()

/** A successful call of every mutation, in an order in which none prevents a later one. */
export const calls: Record<string, (scene: Scene) => Call | Promise<Call>> = {
  sendMessage: ({ direct }) => ({
    input: { conversationId: direct.id, clientMessageId: key(), content: { text: 'an answer' } },
  }),
  editMessage: ({ own }) => ({ input: { messageId: own.id, content: { text: 'hello, bob' } } }),
  addReaction: ({ greeting }) => ({ input: { messageId: greeting.id, emoji: '👍' } }),
  removeReaction: ({ greeting }) => ({ input: { messageId: greeting.id, emoji: '👍' } }),
  pinMessage: ({ greeting }) => ({ input: { messageId: greeting.id } }),
  unpinMessage: ({ greeting }) => ({ input: { messageId: greeting.id } }),
  forwardMessages: ({ group, greeting, direct, other }) => ({
    input: {
      mode: 'SEPARATE',
      seqs: [greeting.seq],
      sourceConversationId: group.id,
      targets: [direct, other].map(({ id }) => ({ conversationId: id, clientMessageId: key() })),
    },
  }),
  markRead: async ({ direct, bob }) => {
    const { seq } = await bob.sends(direct.id, 'unread again')
    return { input: { conversationId: direct.id, readSeq: seq } }
  },
  recallMessage: async ({ group, bob }) => ({
    input: { messageId: (await bob.sends(group.id, 'an unread lie')).id },
  }),
  reportMessage: ({ greeting }) => ({ input: { messageId: greeting.id, reason: 'OTHER' } }),
  updateMembership: async ({ group, bob }) => {
    await bob.sends(group.id, 'not counted any more')
    const changes = { doNotDisturb: true, draft: 'well …', nickname: 'Al' }
    return { input: { conversationId: group.id, ...changes } }
  },
  resolveReport: async ({ molly, reported }) => {
    const reportId = (await reportOf(molly, reported)).id
    return { as: molly, input: { reportId, outcome: 'MESSAGE_RECALLED' } }
  },
  acknowledge: async ({ alice }) => ({ input: { cursor: await alice.syncCursor() } }),
  updateGroup: ({ group }) => ({ input: { groupId: group.id, name: 'the old club', mutedAll: true } }),
  addGroupMembers: ({ group, frank }) => ({ input: { groupId: group.id, userIds: [frank.id] } }),
  approveJoinRequest: ({ toApprove }) => ({ input: { joinRequestId: toApprove.id } }),
  declineJoinRequest: ({ toDecline }) => ({ input: { joinRequestId: toDecline.id } }),
  createGroupInvite: ({ group }) => ({ input: { groupId: group.id } }),
  revokeGroupInvite: ({ inviteCode }) => ({ input: { inviteCode } }),
  postAnnouncement: ({ group }) => ({ input: { groupId: group.id, text: 'No dogs.' } }),
  setGroupMemberRole: ({ group, bob }) => ({ input: { groupId: group.id, userId: bob.id, role: 'ADMIN' } }),
  muteGroupMember: ({ group, carol }) => ({
    input: { groupId: group.id, userId: carol.id, until: '2100-01-01T00:00:00.000Z' },
  }),
  removeGroupMember: ({ group, carol }) => ({ input: { groupId: group.id, userId: carol.id } }),
  transferGroup: ({ group, bob }) => ({ input: { groupId: group.id, userId: bob.id } }),
  createGroup: ({ bob }) => ({ input: { name: 'a new club', memberIds: [bob.id] } }),
  joinGroup: async ({ bob }) => {
    const open = await bob.creates('an open club', [], { joinPolicy: 'OPEN' })
    return { input: { group: { groupId: open.id } } }
  },
  leaveGroup: async ({ other, bob }) => {
    await bob.sends(other.id, 'unread')
    return { input: { groupId: other.id } }
  },
  dissolveGroup: async ({ last, bob }) => {
    await bob.sends(last.id, 'unread')
    return { input: { groupId: last.id } }
  },
  requestFriend: ({ grace }) => ({ input: { userId: grace.id } }),
  acceptFriendRequest: ({ incoming }) => ({ input: { friendRequestId: incoming.id } }),
  declineFriendRequest: ({ declined }) => ({ input: { friendRequestId: declined.id } }),
  cancelFriendRequest: ({ outgoing }) => ({ input: { friendRequestId: outgoing.id } }),
  setFriendRemark: ({ bob }) => ({ input: { userId: bob.id, remark: 'Bobby' } }),
  removeFriend: ({ bob }) => ({ input: { userId: bob.id } }),
  openDirectConversation: ({ carol }) => ({ input: { userId: carol.id } }),
  blockUser: ({ grace }) => ({ input: { userId: grace.id } }),
  unblockUser: ({ grace }) => ({ input: { userId: grace.id } }),
  setPresence: () => ({ input: { status: 'BUSY' } }),
  sendTyping: ({ direct }) => ({ input: { conversationId: direct.id } }),
  updateProfile: () => ({ input: { displayName: 'Alice the Second', email: 'alice@example.org' } }),
  requestContactVerification: () => ({ input: { channel: 'EMAIL' } }),
  verifyContact: async ({ mail }) => {
    const [{ text } = { text: '' }] = await mail.gets('alice@example.org')
    return { input: { channel: 'EMAIL', code: /\b\d{6}\b/.exec(text)?.[0] } }
  },
  createUpload: () => ({ input: { filename: 'b.txt', mimeType: 'text/plain', byteSize: 5 } }),
  completeUpload: ({ mediaId }) => ({ input: { mediaId } }),
  registerPushDevice: () => ({ input: { provider: 'FCM', token: 'x'.repeat(140) } }),
  testPush: async ({ alice }) => ({ input: { pushDeviceId: (await alice.me()).pushDevices[0]?.id } }),
  removePushDevice: async ({ alice }) => ({ input: { pushDeviceId: (await alice.me()).pushDevices[0]?.id } }),
  updateNotificationSettings: () => ({ input: { quietFrom: '22:00', quietTo: '07:00' } }),
  setReadReceipts: () => ({ input: { enabled: false } }),
  suspendUser: ({ molly, erin }) => ({ as: molly, input: { userId: erin.id, reason: 'Watches.' } }),
  restoreUser: ({ molly, erin }) => ({ as: molly, input: { userId: erin.id } }),
  endUserSessions: ({ molly, erin }) => ({ as: molly, input: { userId: erin.id, reason: 'Watches.' } }),
  inspectConversation: ({ molly, direct }) => ({
    as: molly,
    input: { conversationId: direct.id, reason: 'Watches.' },
  }),
  revokeSession: ({ phone }) => ({ input: { sessionId: phone.credentials.sessionId } }),
  revokeOtherSessions: async ({ alice }) => {
    await alice.onAnotherDevice('tablet')
    return {}
  },
  renewSession: async ({ alice }) => ({
    over: 'socket',
    input: { accessToken: (await refreshesTokens(alice)).accessToken },
  }),
  refreshSession: ({ alice }) => ({ input: { refreshToken: alice.credentials.refreshToken } }),
  changePassword: async ({ alice }) => {
    await alice.onAnotherDevice('watch')
    return { input: { current: passwordOf(alice.handle), next: 'another good one' } }
  },
}

/** Mutations after which a client has no cache to keep, and why. */
export const withoutCache: Record<string, string> = {
  register: 'A new user has nothing that a cache could hold.',
  login: 'A device that signs in begins with an empty cache.',
  logout: 'A device that signs out drops its cache.',
  requestPasswordReset: 'A device that is not signed in has no cache.',
  resetPassword: 'Every session of the user ends; each device drops its cache.',
  deleteAccount: 'Every session of the user ends; each device drops its cache.',
}
