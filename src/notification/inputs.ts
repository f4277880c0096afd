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

export const NotificationSettingsInput = builder.inputType('NotificationSettingsInput', {
  description: 'Settings to change. Omitted fields stay unchanged.',
  fields: (t) => ({
    push: t.boolean({
      description: "Send push notifications to the viewer's devices. null leaves it unchanged.",
    }),
    email: t.boolean({ description: 'Send e-mail digests of unread messages. null leaves it unchanged.' }),
    sms: t.boolean({
      description: 'Send text message digests of unread messages. null leaves it unchanged.',
    }),
    showPreview: t.boolean({
      description: 'Include the message text in notifications and digests. null leaves it unchanged.',
    }),
    quietFrom: t.string({
      description:
        'Start of quiet hours, HH:MM in timeZone. Must be set together with quietTo. null removes it.',
    }),
    quietTo: t.string({
      description:
        'End of quiet hours, HH:MM in timeZone. Must be set together with quietFrom. null removes it.',
    }),
    timeZone: t.string({
      description: 'IANA time zone of the quiet hours, such as Asia/Shanghai. null resets it to UTC.',
    }),
  }),
})
