import {
  BlockUser,
  ChangePassword,
  Devices,
  type DevicesQuery,
  Notifications,
  type NotificationsQuery,
  RegisterPushDevice,
  type RegisterPushDeviceInput,
  RemoveFriend,
  ReportMessage,
  type ReportMessageInput,
  RevokeOtherSessions,
  RevokeSession,
  SetReadReceipts,
  UnblockUser,
  UpdateMembership,
  type UpdateMembershipInput,
  UpdateNotificationSettings,
  type UpdateNotificationSettingsInput,
  UpdateProfile,
  type UpdateProfileInput,
} from '../generated/documents.ts'
import type { Perform } from '../transport/perform.ts'

export type Device = DevicesQuery['me']['sessions'][number]
export type NotificationSettings = NotificationsQuery['me']['notificationSettings']

export interface AccountActions {
  update(changes: UpdateProfileInput): Promise<void>
  changePassword(current: string, next: string): Promise<void>
  setReadReceipts(enabled: boolean): Promise<void>
  devices(): Promise<readonly Device[]>
  signOutDevice(sessionId: string): Promise<void>
  signOutOtherDevices(): Promise<void>
  /** The settings, and the key for Web Push; null if the server does not send any. */
  notifications(): Promise<{ settings: NotificationSettings; webPushPublicKey: string | null }>
  updateNotifications(changes: UpdateNotificationSettingsInput): Promise<void>
  registerPush(input: RegisterPushDeviceInput): Promise<void>
  /** What the viewer alone sees of a conversation: pinned, hidden, doNotDisturb, nickname. */
  updateMembership(input: UpdateMembershipInput): Promise<void>
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
      const { me, serverInfo }: NotificationsQuery = await query(Notifications, {})
      return { settings: me.notificationSettings, webPushPublicKey: serverInfo.webPushPublicKey }
    },
    updateNotifications: (input) => run(query(UpdateNotificationSettings, { input })),
    registerPush: (input) => run(query(RegisterPushDevice, { input })),
    updateMembership: (input) => run(query(UpdateMembership, { input })),
    block: (userId) => run(query(BlockUser, { input: { userId } })),
    unblock: (userId) => run(query(UnblockUser, { input: { userId } })),
    removeFriend: (userId) => run(query(RemoveFriend, { input: { userId } })),
    report: (input) => run(query(ReportMessage, { input })),
  }
}
