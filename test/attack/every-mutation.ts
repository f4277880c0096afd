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
  acceptFriendRequest: notFound((t) => `(id: "${t.friendRequestId}") { id }`),
  addGroupMembers: notFound((t) => `(groupId: "${t.groupId}", userIds: ["${t.victimId}"]) { id }`),
  addReaction: notFound((t) => `(emoji: "👍", messageId: "${t.messageId}") { id }`),
  approveJoinRequest: notFound((t) => `(id: "${t.joinRequestId}") { id }`),
  cancelFriendRequest: notFound((t) => `(id: "${t.friendRequestId}") { id }`),
  completeUpload: notFound((t) => `(mediaId: "${t.mediaId}") { id }`),
  createGroup: refused(
    'NOT_FOUND',
    (t) => `(input: { name: "trap", memberIds: ["${t.victimId}", "unknown"] }) { id }`,
  ),
  createGroupInvite: notFound((t) => `(groupId: "${t.groupId}") { inviteCode }`),
  declineFriendRequest: notFound((t) => `(id: "${t.friendRequestId}") { id }`),
  declineJoinRequest: notFound((t) => `(id: "${t.joinRequestId}") { id }`),
  dissolveGroup: notFound((t) => `(groupId: "${t.groupId}")`),
  editMessage: notFound((t) => `(content: { text: "x" }, messageId: "${t.messageId}") { id }`),
  forwardMessages: notFound(
    (t) =>
      `(input: { mode: SEPARATE, seqs: [2], sourceConversationId: "${t.groupId}",
                 targets: [{ conversationId: "${t.directId}", clientMessageId: "f" }] }) { id }`,
  ),
  joinGroup: notFound((t) => `(group: { groupId: "${t.groupId}" }) { request { id } }`),
  leaveGroup: notFound((t) => `(groupId: "${t.groupId}")`),
  markRead: notFound((t) => `(conversationId: "${t.directId}", readSeq: 1) { id }`),
  muteGroupMember: notFound((t) => `(groupId: "${t.groupId}", userId: "${t.victimId}") { id }`),
  openDirectConversation: allowed((t) => `(userId: "${t.victimId}") { id }`),
  pinMessage: notFound((t) => `(messageId: "${t.messageId}") { id }`),
  postAnnouncement: notFound((t) => `(groupId: "${t.groupId}", text: "x") { id }`),
  recallMessage: notFound((t) => `(messageId: "${t.messageId}") { id }`),
  removeFriend: allowed((t) => `(userId: "${t.victimId}") { id }`),
  removeGroupMember: notFound((t) => `(groupId: "${t.groupId}", userId: "${t.victimId}") { id }`),
  removePushDevice: notFound((t) => `(id: "${t.pushDeviceId}") { id }`),
  removeReaction: notFound((t) => `(emoji: "👍", messageId: "${t.messageId}") { id }`),
  reportMessage: notFound((t) => `(messageId: "${t.messageId}", reason: SPAM)`),
  requestFriend: allowed((t) => `(userId: "${t.victimId}") { id }`),
  resolveReport: refused('FORBIDDEN', (t) => `(id: "${t.reportId}", outcome: MESSAGE_RECALLED) { id }`),
  restoreUser: refused('FORBIDDEN', (t) => `(userId: "${t.victimId}") { id }`),
  revokeGroupInvite: notFound((t) => `(inviteCode: "${t.inviteCode}") { id }`),
  revokeSession: notFound((t) => `(id: "${t.sessionId}") { id }`),
  sendMessage: notFound(
    (t) => `(input: { conversationId: "${t.groupId}", clientMessageId: "s", content: { text: "x" } }) { id }`,
  ),
  sendTyping: notFound((t) => `(conversationId: "${t.groupId}", typing: true)`),
  setFriendRemark: refused('NOT_FRIENDS', (t) => `(remark: "x", userId: "${t.victimId}") { id }`),
  setGroupMemberRole: notFound(
    (t) => `(groupId: "${t.groupId}", role: ADMIN, userId: "${t.victimId}") { id }`,
  ),
  suspendUser: refused('FORBIDDEN', (t) => `(reason: "x", userId: "${t.victimId}") { id }`),
  testPush: notFound((t) => `(deviceId: "${t.pushDeviceId}") { id }`),
  transferGroup: notFound((t) => `(groupId: "${t.groupId}", userId: "${t.victimId}") { id }`),
  unpinMessage: notFound((t) => `(messageId: "${t.messageId}") { id }`),
  updateGroup: notFound((t) => `(groupId: "${t.groupId}", input: { name: "x" }) { id }`),
  updateMembership: notFound((t) => `(conversationId: "${t.groupId}", input: { nickname: "x" }) { id }`),
  // Last, because they change the answers of the others.
  blockUser: allowed((t) => `(userId: "${t.victimId}") { id }`),
  unblockUser: allowed((t) => `(userId: "${t.victimId}") { id }`),
}

/** Mutations of the caller's account, which name no other user; in this order, because the last ones end sessions. */
export const ownMutations: Record<string, (own: Own) => string> = {
  acknowledge: ({ cursor }) => `(cursor: "${cursor}")`,
  createUpload: () => `(input: { byteSize: 1, filename: "x", mimeType: "text/plain" }) { media { id } }`,
  registerPushDevice: ({ handle }) => `(input: { provider: FCM, token: "${tokenOf(handle)}" }) { id }`,
  setPresence: () => `(status: AWAY) { id }`,
  setReadReceipts: () => `(enabled: false) { id }`,
  updateNotificationSettings: () => `(input: { push: true }) { id }`,
  updateProfile: () => `(input: { bio: "x" }) { id }`,
  login: ({ handle }) =>
    `(input: { handle: "${handle}", password: "${passwordOf(handle)}" }) { accessToken }`,
  refreshSession: ({ refreshToken }) => `(refreshToken: "${refreshToken}") { accessToken }`,
  register: ({ handle }) =>
    `(input: { handle: "${handle}q", displayName: "x", password: "correct horse" }) { accessToken }`,
  revokeOtherSessions: () => ` { id }`,
  changePassword: ({ handle }) =>
    `(input: { current: "${passwordOf(handle)}", next: "another good one" }) { id }`,
  logout: () => ``,
}

const tokenOf = (handle: string) => handle.replace(/[^a-z]/g, '').padEnd(140, 'x')

/** Covered by their own tests: they need a socket or a mail server, or end what the others use. */
export const elsewhere = ['renewSession', 'deleteAccount', 'requestContactVerification', 'verifyContact']
