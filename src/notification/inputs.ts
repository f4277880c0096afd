import { builder } from '../platform/graphql/builder.ts'
import { PushProviderEnum } from './objects.ts'

export const RegisterPushDeviceInput = builder.inputType('RegisterPushDeviceInput', {
  description: 'Where notices for the device that asks shall go.',
  fields: (t) => ({
    provider: t.field({ type: PushProviderEnum, required: true, description: 'By whom it is reached.' }),
    token: t.string({ required: true, description: 'What the provider knows it by; see PushProvider.' }),
    locale: t.string({
      description: 'The language of its notices, such as zh-CN; English when left out or not known.',
    }),
  }),
})

export const NotificationSettingsInput = builder.inputType('NotificationSettingsInput', {
  description: 'What to change; what is left out stays.',
  fields: (t) => ({
    push: t.boolean({ description: 'Notices on my devices. null leaves it.' }),
    email: t.boolean({ description: 'Mails about what is unread. null leaves it.' }),
    sms: t.boolean({ description: 'Text messages about what is unread. null leaves it.' }),
    showPreview: t.boolean({ description: 'Notices show what was written. null leaves it.' }),
    quietFrom: t.string({
      description: 'Notices wait from then on, HH:MM; with quietTo. null takes quiet hours away.',
    }),
    quietTo: t.string({
      description: 'And come then, HH:MM; with quietFrom. null takes quiet hours away.',
    }),
    timeZone: t.string({
      description: 'The IANA name of my time zone, such as Asia/Shanghai. null takes it away: UTC.',
    }),
  }),
})
