import { MeType } from '../account/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import type { AttemptView } from './deliver/attempts.ts'
import { listDevices, loadDevice, type PushDeviceRow } from './device/store.ts'
import { formatClock } from './quiet-hours.ts'
import { loadSettings, type SettingsRow } from './settings/store.ts'

export const PushProviderEnum = builder.enumType('PushProvider', {
  description: 'By whom a notice reaches a device. serverInfo.features names those that this server uses.',
  values: {
    APNS: { description: 'Apple. The token is the device token in hexadecimal.' },
    FCM: { description: 'Google. The token is the registration token.' },
    WEB_PUSH: {
      description:
        'The push service of a browser. The token is the subscription as JSON; subscribe with serverInfo.webPushPublicKey.',
    },
    WEBHOOK: {
      description:
        "The operator's own gateway, as for Huawei, Xiaomi or Umeng. The token is what that takes.",
    },
    EMAIL: {
      description:
        'A mail to the address of the profile, about all that is unread. Of push attempts only: INVALID_INPUT in registerPushDevice.',
    },
    SMS: {
      description:
        'The same by text message, to the number of the profile. Of push attempts only: INVALID_INPUT in registerPushDevice.',
    },
  } as const,
})

const PushStatusEnum = builder.enumType('PushStatus', {
  description: 'What became of a notice.',
  values: {
    QUEUED: {
      description: 'It waits: for an acknowledgement, for the end of quiet hours, or to be tried again.',
    },
    SENT: { description: 'The provider took it.' },
    SUPPRESSED: { description: 'It was not needed, or not wanted.' },
    FAILED: { description: 'It was given up.' },
    GONE: { description: 'The provider says that the device is gone; it has been removed.' },
  } as const,
})

const PushPurposeEnum = builder.enumType('PushPurpose', {
  description: 'What a notice is for.',
  values: {
    MESSAGE: { description: 'New messages.' },
    RECALL: { description: 'What it showed was recalled: it is corrected.' },
    READ: {
      description: 'What it showed was read on another device: it is taken away. Told to moderators only.',
    },
    LEFT: {
      description:
        'What it showed is of a group that its reader is not in any more: it is taken away. Told to moderators only.',
    },
    DIGEST: { description: 'A mail or a text message about all that is unread.' },
    SIGN_IN: { description: 'Somebody signed in on a device that is new.' },
    TEST: { description: 'It was asked for by testPush.' },
  } as const,
})

export const PushDeviceType = builder.objectRef<PushDeviceRow>('PushDevice').implement({
  description: 'Where notices for one signed-in device go. It ends with its session.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Names it for removePushDevice and testPush.' }),
    provider: t.expose('provider', { type: PushProviderEnum, description: 'By whom it is reached.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was registered.' }),
  }),
})

export const PushAttemptType = builder.objectRef<AttemptView>('PushAttempt').implement({
  description: 'A notice for one device, and what became of it. Messages of one burst share one.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of this notice, through all its tries.' }),
    device: t.field({
      type: PushDeviceType,
      description:
        'The device it is for, or was for; of a mail or text message one that stands for the address, and is not among pushDevices.',
      resolve: async (attempt, _args, ctx) => {
        const device = await loadDevice(ctx, attempt.deviceId)
        if (!device) throw new Error(`The device of attempt ${attempt.id} is missing.`)
        return device
      },
    }),
    purpose: t.expose('purpose', { type: PushPurposeEnum, description: 'What it is for.' }),
    status: t.expose('status', { type: PushStatusEnum, description: 'What became of it so far.' }),
    providerStatus: t.exposeString('providerStatus', {
      nullable: true,
      description:
        'What the provider answered last, such as "201" or "410 Unregistered", or what stopped the notice. null before the first try. Why one was suppressed is told to moderators only: it would tell how others have set their notices.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When the status came to be.' }),
  }),
})

const NotificationSettingsType = builder.objectRef<SettingsRow>('NotificationSettings').implement({
  description: 'How I want to be reached while I am away.',
  fields: (t) => ({
    push: t.exposeBoolean('push', { description: 'Notices on my devices. On unless switched off.' }),
    email: t.exposeBoolean('email', {
      description:
        'A mail about what is unread, once in each absence, if I have an address. On unless switched off.',
    }),
    sms: t.exposeBoolean('sms', {
      description: 'The same by text message, if I have a number and the server can. Off unless switched on.',
    }),
    showPreview: t.exposeBoolean('showPreview', {
      description: 'Notices show what was written. On unless switched off.',
    }),
    quietFrom: t.string({
      nullable: true,
      description: 'Notices wait from then on, HH:MM in my time zone; null without quiet hours.',
      resolve: ({ quietFrom }) => (quietFrom === null ? null : formatClock(quietFrom)),
    }),
    quietTo: t.string({
      nullable: true,
      description:
        'And come then, HH:MM in my time zone; earlier than quietFrom is the next day, the same is never.',
      resolve: ({ quietTo }) => (quietTo === null ? null : formatClock(quietTo)),
    }),
    timeZone: t.exposeString('timeZone', {
      nullable: true,
      description: 'My time zone by its IANA name, such as Asia/Shanghai; null is UTC.',
    }),
  }),
})

builder.objectFields(MeType, (t) => ({
  notificationSettings: t.field({
    type: NotificationSettingsType,
    description: 'How I want to be reached while I am away.',
    resolve: (me, _args, ctx) => loadSettings(ctx, me.id),
  }),
  pushDevices: t.field({
    type: [PushDeviceType],
    description: 'Where notices for my devices go, the oldest first.',
    resolve: (me, _args, ctx) => listDevices(ctx.sql, me.id),
  }),
}))
