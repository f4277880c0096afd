import { MeType } from '../account/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import { pushAttempts } from './deliver/attempts.ts'
import { testPush } from './deliver/send-test.ts'
import { registerPushDevice } from './device/register.ts'
import { removePushDevice } from './device/remove.ts'
import { NotificationSettingsInput, RegisterPushDeviceInput } from './inputs.ts'
import { PushAttemptType, PushDeviceType } from './objects.ts'
import { updateNotificationSettings } from './settings/update.ts'

builder.queryField('pushAttempts', (t) =>
  t.field({
    type: [PushAttemptType],
    description:
      'What became of the notices about a message, for its sender and for moderators; at most 500, kept for some days. NOT_FOUND when the message is not one of mine to read, FORBIDDEN when somebody else sent it.',
    args: { messageId: t.arg.id({ required: true, description: 'The id of the message.' }) },
    resolve: (_root, { messageId }, ctx) => pushAttempts(ctx, messageId),
  }),
)

builder.mutationFields((t) => ({
  registerPushDevice: t.field({
    type: PushDeviceType,
    description:
      'Sends notices for the device that asks to this token, until its session ends. Repeating it changes nothing; a token that somebody else registered before is theirs no longer. INVALID_INPUT for a token or locale that cannot be one, LIMIT_EXCEEDED for too many devices.',
    args: {
      input: t.arg({ type: RegisterPushDeviceInput, required: true, description: 'Where notices shall go.' }),
    },
    resolve: (_root, { input }, ctx) => registerPushDevice(ctx, input),
  }),
  removePushDevice: t.field({
    type: MeType,
    description:
      'Sends no notices to one of my devices any more. Repeating it changes nothing. NOT_FOUND when it is not mine.',
    args: { id: t.arg.id({ required: true, description: 'The id of the push device.' }) },
    resolve: (_root, { id }, ctx) => removePushDevice(ctx, id),
  }),
  updateNotificationSettings: t.field({
    type: MeType,
    description:
      'Changes how I am reached while I am away, for all my devices. INVALID_INPUT lists every fault: a time or time zone that is none, or quiet hours without a beginning or an end.',
    args: {
      input: t.arg({ type: NotificationSettingsInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { input }, ctx) => updateNotificationSettings(ctx, input),
  }),
  testPush: t.field({
    type: PushAttemptType,
    description:
      'Sends a test notice to one of my devices at once, whatever my settings, and returns what the provider answered. NOT_FOUND when the device is not mine or its session has ended.',
    args: { deviceId: t.arg.id({ required: true, description: 'The id of the push device.' }) },
    resolve: (_root, { deviceId }, ctx) => testPush(ctx, deviceId),
  }),
}))
