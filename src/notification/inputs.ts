import { builder } from '../platform/graphql/builder.ts'
import { PushProviderEnum } from './objects.ts'

export const RegisterPushDeviceInput = builder.inputType('RegisterPushDeviceInput', {
  description: 'The push provider and token of the device that calls.',
  fields: (t) => ({
    provider: t.field({
      type: PushProviderEnum,
      required: true,
      description: 'The service that delivers notifications to the device.',
    }),
    token: t.string({
      required: true,
      description: "The provider's token for the device; its form depends on the provider, see PushProvider.",
    }),
    locale: t.string({
      description:
        'Language of the notifications as a BCP 47 tag, such as zh-CN. English if omitted or unsupported.',
    }),
  }),
})

export const UpdateNotificationSettingsInput = builder.inputType('UpdateNotificationSettingsInput', {
  description: 'Settings to change. What is left out stays.',
  fields: (t) => ({
    push: t.boolean({
      onNull: 'REFUSE',
      description: "Whether to send push notifications to the viewer's devices.",
    }),
    email: t.boolean({
      onNull: 'REFUSE',
      description: 'Whether to send e-mail digests of unread messages.',
    }),
    sms: t.boolean({
      onNull: 'REFUSE',
      description: 'Whether to send text message digests of unread messages.',
    }),
    showPreview: t.boolean({
      onNull: 'REFUSE',
      description: 'Whether to include the message text in notifications and digests.',
    }),
    quietFrom: t.field({
      type: 'LocalTime',
      onNull: 'CLEAR',
      description: 'Start of quiet hours in timeZone. Must be set together with quietTo.',
    }),
    quietTo: t.field({
      type: 'LocalTime',
      onNull: 'CLEAR',
      description: 'End of quiet hours in timeZone. Must be set together with quietFrom.',
    }),
    timeZone: t.field({
      type: 'TimeZone',
      onNull: 'CLEAR',
      description: 'Time zone of the quiet hours; UTC without one.',
    }),
  }),
})
