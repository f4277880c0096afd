import { MeType } from '../account/refs.ts'
import { requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineRowNode, NodeInterface } from '../platform/graphql/node.ts'
import { type AttemptView, readAttempt } from './deliver/attempts.ts'
import { findDevice, listDevices, loadDevice, type PushDeviceRow } from './device/store.ts'
import { loadSettings, type SettingsRow } from './settings/store.ts'

export const PushProviderEnum = builder.enumType('PushProvider', {
  description:
    'A service that delivers notifications. serverInfo.capabilities.pushProviders lists those that are configured.',
  values: {
    APNS: { description: 'Apple Push Notification service. The token is the device token in hexadecimal.' },
    FCM: { description: 'Firebase Cloud Messaging. The token is the registration token.' },
    WEB_PUSH: {
      description:
        'Web Push. The token is the PushSubscription as JSON, created with serverInfo.webPushPublicKey as applicationServerKey.',
    },
    WEBHOOK: {
      description:
        "The operator's gateway to other services, such as Huawei, Xiaomi or Umeng. The gateway defines the token: 1 to 4096 printable ASCII characters.",
    },
    EMAIL: {
      description:
        'E-mail digest to Me.email. Occurs only in push attempts; registerPushDevice rejects it with INVALID_INPUT.',
    },
    SMS: {
      description:
        'Text message digest to Me.phone. Occurs only in push attempts; registerPushDevice rejects it with INVALID_INPUT.',
    },
  } as const,
})

const PushStatusEnum = builder.enumType('PushStatus', {
  description: 'State of a push attempt.',
  values: {
    QUEUED: {
      description: 'Waiting: for an acknowledgement by a device, the end of quiet hours, or the next retry.',
    },
    SENT: { description: 'Accepted by the provider.' },
    SUPPRESSED: {
      description:
        "Not sent, because the message was acknowledged, read or recalled, or because of the recipient's settings. Final.",
    },
    FAILED: { description: 'Refused by the provider, or out of retries. Final.' },
    GONE: { description: 'The provider reports the token as invalid; the push device was removed. Final.' },
  } as const,
})

const PushPurposeEnum = builder.enumType('PushPurpose', {
  description: 'Why a notification is sent.',
  values: {
    MESSAGE: { description: 'New messages, or a mention of the recipient that an edit added.' },
    RECALL: { description: 'Replaces a notification whose message was recalled.' },
    READ: {
      description:
        'Withdraws a notification whose messages were read on another device. Visible to moderators only.',
    },
    LEFT: {
      description:
        'Withdraws a notification of a group that the recipient is no longer a member of. Visible to moderators only.',
    },
    DIGEST: { description: 'E-mail or text message about all unread messages.' },
    SIGN_IN: { description: 'Sign-in to the account on a new device.' },
    TEST: { description: 'Test notification of testPush.' },
  } as const,
})

export const PushDeviceType = builder.objectRef<PushDeviceRow>('PushDevice').implement({
  description: 'The push token of one signed-in device. It is removed when its session ends.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id for removePushDevice and testPush.' }),
    provider: t.expose('provider', {
      type: PushProviderEnum,
      description: 'The service that delivers notifications to the device.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the device was first registered.',
    }),
  }),
})

export const PushAttemptType = builder.objectRef<AttemptView>('PushAttempt').implement({
  description: 'A notification for one device and its outcome. Messages in quick succession share one.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the attempt; retries keep it.' }),
    device: t.field({
      type: PushDeviceType,
      description:
        'The target device, possibly removed since. For EMAIL and SMS, a placeholder that Me.pushDevices does not contain.',
      resolve: async (attempt, _args, ctx) => {
        const device = await loadDevice(ctx, attempt.deviceId)
        if (!device) throw new Error(`The device of attempt ${attempt.id} is missing.`)
        return device
      },
    }),
    purpose: t.field({
      type: PushPurposeEnum,
      description: 'Why the notification is sent.',
      resolve: ({ purpose }) => (purpose === 'MENTION' ? 'MESSAGE' : purpose),
    }),
    status: t.expose('status', { type: PushStatusEnum, description: 'Current state.' }),
    providerStatus: t.exposeString('providerStatus', {
      nullable: true,
      description:
        'The provider\'s last response, such as "201" or "410 Unregistered"; for SUPPRESSED the reason. null before the first attempt, and for SUPPRESSED unless the viewer is a moderator, since the reason can reveal the recipient\'s settings.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When the status was set.' }),
  }),
})

defineRowNode('push_device', {
  type: PushDeviceType.name,
  read: (ctx, id) => findDevice(ctx.sql, requireViewer(ctx).userId, id),
})

defineRowNode('push_attempt', { type: PushAttemptType.name, read: readAttempt })

const NotificationSettingsType = builder.objectRef<SettingsRow>('NotificationSettings').implement({
  description: 'How the viewer is notified while away. Applies to all devices.',
  fields: (t) => ({
    push: t.exposeBoolean('push', {
      description: "Push notifications are sent to the viewer's devices. Default: true.",
    }),
    email: t.exposeBoolean('email', {
      description:
        'One e-mail digest of unread messages is sent per absence, if Me.email is verified. Default: true.',
    }),
    sms: t.exposeBoolean('sms', {
      description:
        'One text message digest of unread messages is sent per absence, if Me.phone is verified and serverInfo.capabilities.pushProviders contains WEBHOOK. Default: false.',
    }),
    showPreview: t.exposeBoolean('showPreview', {
      description: 'Notifications and digests include the message text. Default: true.',
    }),
    quietFrom: t.expose('quietFrom', {
      type: 'LocalTime',
      nullable: true,
      description:
        'Start of quiet hours in timeZone; notifications and digests wait for their end. null without quiet hours.',
    }),
    quietTo: t.expose('quietTo', {
      type: 'LocalTime',
      nullable: true,
      description:
        'End of quiet hours in timeZone. An end before the start is on the next day; equal values disable quiet hours. null without quiet hours.',
    }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: 'Time zone of the quiet hours. null means UTC.',
    }),
  }),
})

builder.objectFields(MeType, (t) => ({
  notificationSettings: t.field({
    type: NotificationSettingsType,
    description: 'How the viewer is notified while away. Applies to all devices.',
    resolve: (me, _args, ctx) => loadSettings(ctx, me.id),
  }),
  pushDevices: t.field({
    type: [PushDeviceType],
    items: 'pushDevices',
    description: "The viewer's push devices, oldest first.",
    resolve: (me, _args, ctx) => listDevices(ctx.sql, me.id),
  }),
}))
