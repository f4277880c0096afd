import { MeType } from '../account/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import { pushAttempts } from './deliver/attempts.ts'
import { testPush } from './deliver/send-test.ts'
import { registerPushDevice } from './device/register.ts'
import { removePushDevice } from './device/remove.ts'
import { RegisterPushDeviceInput, UpdateNotificationSettingsInput } from './inputs.ts'
import { PushAttemptType, PushDeviceType } from './objects.ts'
import { updateNotificationSettings } from './settings/update.ts'
import './verification/schema.ts'

builder.queryField('pushAttempts', (t) =>
  t.field({
    type: [PushAttemptType],
    description:
      'Notifications, e-mails and text messages about a message, with their outcomes; for the sender and moderators. At most 500, oldest first; deleted after a few days. NOT_FOUND if the viewer cannot read the message, FORBIDDEN if another user sent it.',
    args: { messageId: t.arg.id({ required: true, description: 'Id of the message.' }) },
    resolve: (_root, { messageId }, ctx) => pushAttempts(ctx, messageId),
  }),
)

builder.mutationFields((t) => ({
  registerPushDevice: t.field({
    type: PushDeviceType,
    description:
      'Registers the push token of the device that calls, until its session ends. Call it at each start of the app: it is idempotent. A token moves to the user who registers it last. INVALID_INPUT for an invalid token or locale, LIMIT_EXCEEDED for too many push devices.',
    args: {
      input: t.arg({
        type: RegisterPushDeviceInput,
        required: true,
        description: 'Provider, token and language.',
      }),
    },
    resolve: (_root, { input }, ctx) => registerPushDevice(ctx, input),
  }),
  removePushDevice: t.field({
    type: MeType,
    description:
      "Removes one of the viewer's push devices; it gets no further notifications. Idempotent. NOT_FOUND if it is not the viewer's.",
    args: { id: t.arg.id({ required: true, description: 'Id of the push device.' }) },
    resolve: (_root, { id }, ctx) => removePushDevice(ctx, id),
  }),
  updateNotificationSettings: t.field({
    type: MeType,
    description:
      "Changes the viewer's notification settings, for all devices. INVALID_INPUT for an invalid time or time zone, or quiet hours with only a start or only an end; it lists every issue.",
    args: {
      input: t.arg({
        type: UpdateNotificationSettingsInput,
        required: true,
        description: 'Settings to change.',
      }),
    },
    resolve: (_root, { input }, ctx) => updateNotificationSettings(ctx, input),
  }),
  testPush: t.field({
    type: PushAttemptType,
    description:
      "Sends a test notification to one of the viewer's devices at once, regardless of the settings, and returns the outcome. It is not retried. NOT_FOUND if the device is not the viewer's or its session has ended, RATE_LIMITED after too many in an hour.",
    args: { deviceId: t.arg.id({ required: true, description: 'Id of the push device.' }) },
    resolve: (_root, { deviceId }, ctx) => testPush(ctx, deviceId),
  }),
}))
