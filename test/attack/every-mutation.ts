import { passwordOf } from '../world/person.ts'

/** Objects of the victim or of the victim's group that calls of others name. */
export interface Targets {
  victimId: string
  groupId: string
  directId: string
  messageId: string
  friendRequestId: string
  joinRequestId: string
  inviteCode: string
  mediaId: string
  pushDeviceId: string
  sessionId: string
  reportId: string
}

/** Objects of the caller, for mutations that concern no other user. */
export interface Own {
  handle: string
  cursor: string
  refreshToken: string
  accessToken: string
}

interface Attempt {
  call: (targets: Targets) => string
  code: string | null
}

const refused = (code: string, call: Attempt['call']): Attempt => ({ call, code })
const notFound = (call: Attempt['call']) => refused('NOT_FOUND', call)
const allowed = (call: Attempt['call']): Attempt => ({ call, code: null })

/** Mutations that name other users or their objects, as a stranger calls them, with the error code. */
export const attempts: Record<string, Attempt> = {
  acceptFriendRequest: notFound(
    (t) => `(input: { friendRequestId: "${t.friendRequestId}" }) { friendRequest { id } }`,
  ),
  addGroupMembers: notFound(
    (t) => `(input: { groupId: "${t.groupId}", userIds: ["${t.victimId}"] }) { conversation { id } }`,
  ),
  addReaction: notFound((t) => `(input: { emoji: "👍", messageId: "${t.messageId}" }) { message { id } }`),
  approveJoinRequest: notFound((t) => `(input: { joinRequestId: "${t.joinRequestId}" }) { member { id } }`),
  cancelFriendRequest: notFound(
    (t) => `(input: { friendRequestId: "${t.friendRequestId}" }) { friendRequest { id } }`,
  ),
  completeUpload: notFound((t) => `(input: { mediaId: "${t.mediaId}" }) { media { id } }`),
  createGroup: refused(
    'NOT_FOUND',
    (t) => `(input: { name: "trap", memberIds: ["${t.victimId}", "unknown"] }) { conversation { id } }`,
  ),
  createGroupInvite: notFound((t) => `(input: { groupId: "${t.groupId}" }) { invite { inviteCode } }`),
  declineFriendRequest: notFound(
    (t) => `(input: { friendRequestId: "${t.friendRequestId}" }) { friendRequest { id } }`,
  ),
  declineJoinRequest: notFound(
    (t) => `(input: { joinRequestId: "${t.joinRequestId}" }) { joinRequest { id } }`,
  ),
  dissolveGroup: notFound((t) => `(input: { groupId: "${t.groupId}" }) { dissolvedConversationId }`),
  editMessage: notFound(
    (t) => `(input: { content: { text: "x" }, messageId: "${t.messageId}" }) { message { id } }`,
  ),
  forwardMessages: notFound(
    (t) => `(input: { mode: SEPARATE, seqs: [2], sourceConversationId: "${t.groupId}",
                 targets: [{ conversationId: "${t.directId}", clientMessageId: "f" }] }) { messages { id } }`,
  ),
  endUserSessions: refused(
    'FORBIDDEN',
    (t) => `(input: { userId: "${t.victimId}", reason: "x" }) { user { id } }`,
  ),
  inspectConversation: refused(
    'FORBIDDEN',
    (t) => `(input: { conversationId: "${t.groupId}", reason: "x" }) { messages { id } }`,
  ),
  joinGroup: notFound((t) => `(input: { group: { groupId: "${t.groupId}" } }) { joinRequest { id } }`),
  leaveGroup: notFound((t) => `(input: { groupId: "${t.groupId}" }) { leftConversationId }`),
  markRead: notFound((t) => `(input: { conversationId: "${t.directId}", readSeq: 1 }) { membership { id } }`),
  muteGroupMember: notFound(
    (t) => `(input: { groupId: "${t.groupId}", userId: "${t.victimId}" }) { member { id } }`,
  ),
  openDirectConversation: allowed((t) => `(input: { userId: "${t.victimId}" }) { conversation { id } }`),
  pinMessage: notFound((t) => `(input: { messageId: "${t.messageId}" }) { message { id } }`),
  postAnnouncement: notFound(
    (t) => `(input: { groupId: "${t.groupId}", text: "x" }) { announcement { id } }`,
  ),
  recallMessage: notFound((t) => `(input: { messageId: "${t.messageId}" }) { message { id } }`),
  removeFriend: allowed((t) => `(input: { userId: "${t.victimId}" }) { user { id } }`),
  removeGroupMember: notFound(
    (t) => `(input: { groupId: "${t.groupId}", userId: "${t.victimId}" }) { conversation { id } }`,
  ),
  removePushDevice: notFound((t) => `(input: { pushDeviceId: "${t.pushDeviceId}" }) { me { id } }`),
  removeReaction: notFound((t) => `(input: { emoji: "👍", messageId: "${t.messageId}" }) { message { id } }`),
  reportMessage: notFound((t) => `(input: { messageId: "${t.messageId}", reason: SPAM }) { message { id } }`),
  requestFriend: allowed((t) => `(input: { userId: "${t.victimId}" }) { friendRequest { id } }`),
  resolveReport: refused(
    'FORBIDDEN',
    (t) => `(input: { reportId: "${t.reportId}", outcome: MESSAGE_RECALLED }) { report { id } }`,
  ),
  restoreUser: refused('FORBIDDEN', (t) => `(input: { userId: "${t.victimId}" }) { user { id } }`),
  revokeGroupInvite: notFound((t) => `(input: { inviteCode: "${t.inviteCode}" }) { conversation { id } }`),
  revokeSession: notFound((t) => `(input: { sessionId: "${t.sessionId}" }) { me { id } }`),
  sendMessage: notFound(
    (t) =>
      `(input: { conversationId: "${t.groupId}", clientMessageId: "s", content: { text: "x" } }) { message { id } }`,
  ),
  sendTyping: notFound((t) => `(input: { conversationId: "${t.groupId}", typing: true }) { shown }`),
  setFriendRemark: refused(
    'NOT_FRIENDS',
    (t) => `(input: { remark: "x", userId: "${t.victimId}" }) { friendship { id } }`,
  ),
  setGroupMemberRole: notFound(
    (t) => `(input: { groupId: "${t.groupId}", role: ADMIN, userId: "${t.victimId}" }) { member { id } }`,
  ),
  suspendUser: refused(
    'FORBIDDEN',
    (t) => `(input: { reason: "x", userId: "${t.victimId}" }) { user { id } }`,
  ),
  testPush: notFound((t) => `(input: { pushDeviceId: "${t.pushDeviceId}" }) { attempt { id } }`),
  transferGroup: notFound(
    (t) => `(input: { groupId: "${t.groupId}", userId: "${t.victimId}" }) { conversation { id } }`,
  ),
  unpinMessage: notFound((t) => `(input: { messageId: "${t.messageId}" }) { message { id } }`),
  updateGroup: notFound((t) => `(input: { groupId: "${t.groupId}", name: "x" }) { conversation { id } }`),
  updateMembership: notFound(
    (t) => `(input: { conversationId: "${t.groupId}", nickname: "x" }) { membership { id } }`,
  ),
  // Last, because they change the answers of the others.
  blockUser: allowed((t) => `(input: { userId: "${t.victimId}" }) { user { id } }`),
  unblockUser: allowed((t) => `(input: { userId: "${t.victimId}" }) { user { id } }`),
}

/** Mutations of the caller's account, which name no other user; in this order, because the last ones end sessions. */
export const ownMutations: Record<string, (own: Own) => string> = {
  acknowledge: ({ cursor }) => `(input: { cursor: "${cursor}" }) { cursor }`,
  createUpload: () =>
    `(input: { byteSize: 1, filename: "x", mimeType: "text/plain" }) { ticket { media { id } } }`,
  registerPushDevice: ({ handle }) =>
    `(input: { provider: FCM, token: "${tokenOf(handle)}" }) { pushDevice { id } }`,
  setPresence: () => `(input: { status: AWAY }) { me { id } }`,
  setReadReceipts: () => `(input: { enabled: false }) { me { id } }`,
  updateNotificationSettings: () => `(input: { push: true }) { me { id } }`,
  updateProfile: () => `(input: { bio: "x" }) { me { id } }`,
  login: ({ handle }) =>
    `(input: { handle: "${handle}", password: "${passwordOf(handle)}" }) { accessToken }`,
  refreshSession: ({ refreshToken }) => `(input: { refreshToken: "${refreshToken}" }) { accessToken }`,
  register: ({ handle }) =>
    `(input: { handle: "${handle}q", displayName: "x", password: "correct horse" }) { accessToken }`,
  revokeOtherSessions: () => ` { me { id } }`,
  changePassword: ({ handle }) =>
    `(input: { current: "${passwordOf(handle)}", next: "another good one" }) { me { id } }`,
  logout: () => ` { endedSessionId }`,
}

const tokenOf = (handle: string) => handle.replace(/[^a-z]/g, '').padEnd(140, 'x')

/** Covered by their own tests: they need a socket or a mail server, or end what the others use. */
export const elsewhere = [
  'renewSession',
  'deleteAccount',
  'requestContactVerification',
  'verifyContact',
  'requestPasswordReset',
  'resetPassword',
]
