import {
  BlockedUsers,
  type BlockedUsersQuery,
  BlockUser,
  ChangePassword,
  type ContactChannel,
  DeleteAccount,
  Devices,
  type DevicesQuery,
  HiddenConversations,
  type HiddenConversationsQuery,
  Notifications as NotificationsDocument,
  type NotificationsQuery,
  type PresenceStatus,
  Profile as ProfileDocument,
  type ProfileQuery,
  RegisterPushDevice,
  type RegisterPushDeviceInput,
  RemoveFriend,
  RemovePushDevice,
  ReportMessage,
  type ReportMessageInput,
  RequestContactVerification,
  RevokeOtherSessions,
  RevokeSession,
  SetFriendRemark,
  SetPresence,
  SetReadReceipts,
  TestPush,
  type TestPushMutation,
  UnblockUser,
  UpdateMembership,
  type UpdateMembershipInput,
  UpdateNotificationSettings,
  type UpdateNotificationSettingsInput,
  UpdateProfile,
  type UpdateProfileInput,
  VerifyContact,
} from '../generated/documents.ts'
import type { Person } from '../store/state.ts'
import type { Perform } from '../transport/perform.ts'
import { type PictureOptions, uploadPicture } from './picture.ts'

export type Device = DevicesQuery['me']['sessions'][number]
export type NotificationSettings = NotificationsQuery['me']['notificationSettings']
export type PushDevice = NotificationsQuery['me']['pushDevices'][number]
export type Profile = NonNullable<ProfileQuery['user']>
export type PushOutcome = NonNullable<TestPushMutation['testPush']>['attempt']

export interface Notifications {
  settings: NotificationSettings
  /** The key for Web Push; null if the server does not send any. */
  webPushPublicKey: string | null
  pushDevices: readonly PushDevice[]
  /** The services that deliver notifications. */
  providers: readonly string[]
  email: string | null
  emailVerified: boolean
  phone: string | null
  phoneVerified: boolean
}

export interface AccountActions {
  update(changes: UpdateProfileInput): Promise<void>
  changePassword(current: string, next: string): Promise<void>
  setReadReceipts(enabled: boolean): Promise<void>
  devices(): Promise<readonly Device[]>
  signOutDevice(sessionId: string): Promise<void>
  signOutOtherDevices(): Promise<void>
  /** The settings, the devices, and where the server can send notifications. */
  notifications(): Promise<Notifications>
  updateNotifications(changes: UpdateNotificationSettingsInput): Promise<void>
  /** Returns the id of the push device. */
  registerPush(input: RegisterPushDeviceInput): Promise<string | undefined>
  removePush(pushDeviceId: string): Promise<void>
  /** Sends a notification at once, regardless of the settings. */
  testPush(pushDeviceId: string): Promise<PushOutcome | undefined>
  /** Sends a code to the e-mail address or phone number of the viewer. */
  requestVerification(channel: ContactChannel): Promise<void>
  verifyContact(channel: ContactChannel, code: string): Promise<void>
  /** Uploads a picture. Returns the id of a media item that can be an avatar. */
  uploadPicture(file: Blob, options: PictureOptions): Promise<string>
  /** OFFLINE makes the viewer invisible on all devices. */
  setPresence(status: PresenceStatus): Promise<void>
  deleteAccount(password: string): Promise<void>
  /** What the viewer alone sees of a conversation: pinned, hidden, doNotDisturb, nickname. */
  updateMembership(input: UpdateMembershipInput): Promise<void>
  /** null for an unknown id. */
  profile(userId: string): Promise<Profile | null>
  /** The viewer's name for a friend; null for the friend's own name. */
  setRemark(userId: string, remark: string | null): Promise<void>
  blocked(): Promise<readonly Person[]>
  /** Conversations that are not listed until their next message. */
  hidden(): Promise<readonly { id: string; title: string }[]>
  block(userId: string): Promise<void>
  unblock(userId: string): Promise<void>
  removeFriend(userId: string): Promise<void>
  report(input: ReportMessageInput): Promise<void>
}

/** Changes of the viewer's account and what belongs to it. They reach the signals of the client by themselves. */
export function accountOf({ query }: { query: Perform }): AccountActions {
  const run = async (answer: Promise<unknown>) => {
    await answer
  }
  return {
    update: (input) => run(query(UpdateProfile, { input })),
    changePassword: (current, next) => run(query(ChangePassword, { input: { current, next } })),
    setReadReceipts: (enabled) => run(query(SetReadReceipts, { input: { enabled } })),
    devices: async () => (await query(Devices, {})).me.sessions,
    signOutDevice: (sessionId) => run(query(RevokeSession, { input: { sessionId } })),
    signOutOtherDevices: () => run(query(RevokeOtherSessions, {})),
    async notifications() {
      const { me, serverInfo }: NotificationsQuery = await query(NotificationsDocument, {})
      return {
        settings: me.notificationSettings,
        webPushPublicKey: serverInfo.webPushPublicKey,
        pushDevices: me.pushDevices,
        providers: serverInfo.capabilities.pushProviders,
        email: me.email,
        emailVerified: me.emailVerifiedAt !== null,
        phone: me.phone,
        phoneVerified: me.phoneVerifiedAt !== null,
      }
    },
    updateNotifications: (input) => run(query(UpdateNotificationSettings, { input })),
    registerPush: async (input) =>
      (await query(RegisterPushDevice, { input })).registerPushDevice?.pushDevice.id,
    removePush: (pushDeviceId) => run(query(RemovePushDevice, { input: { pushDeviceId } })),
    testPush: async (pushDeviceId) => (await query(TestPush, { input: { pushDeviceId } })).testPush?.attempt,
    requestVerification: (channel) => run(query(RequestContactVerification, { input: { channel } })),
    verifyContact: (channel, code) => run(query(VerifyContact, { input: { channel, code } })),
    uploadPicture: (file, options) => uploadPicture(query, file, options),
    setPresence: (status) => run(query(SetPresence, { input: { status } })),
    deleteAccount: (password) => run(query(DeleteAccount, { input: { password } })),
    updateMembership: (input) => run(query(UpdateMembership, { input })),
    profile: async (id) => (await query(ProfileDocument, { id })).user,
    setRemark: (userId, remark) => run(query(SetFriendRemark, { input: { userId, remark } })),
    async hidden() {
      const all: { id: string; title: string }[] = []
      let after: string | null = null
      do {
        const { conversations }: HiddenConversationsQuery = await query(HiddenConversations, { after })
        all.push(...conversations.nodes.filter(({ membership }) => membership.hidden))
        after = conversations.pageInfo.hasNextPage ? conversations.pageInfo.endCursor : null
      } while (after)
      return all
    },
    async blocked() {
      const all: Person[] = []
      let after: string | null = null
      do {
        const { blockedUsers }: BlockedUsersQuery = await query(BlockedUsers, { after })
        all.push(...blockedUsers.nodes)
        after = blockedUsers.pageInfo.hasNextPage ? blockedUsers.pageInfo.endCursor : null
      } while (after)
      return all
    },
    block: (userId) => run(query(BlockUser, { input: { userId } })),
    unblock: (userId) => run(query(UnblockUser, { input: { userId } })),
    removeFriend: (userId) => run(query(RemoveFriend, { input: { userId } })),
    report: (input) => run(query(ReportMessage, { input })),
  }
}
