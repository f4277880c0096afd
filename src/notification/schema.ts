import { meField } from '../account/payload.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import { attemptsMax, pushAttempts } from './deliver/attempts.ts'
import { testPush } from './deliver/send-test.ts'
import { registerPushDevice } from './device/register.ts'
import { removePushDevice } from './device/remove.ts'
import { RegisterPushDeviceInput, UpdateNotificationSettingsInput } from './inputs.ts'
import { PushAttemptType, PushDeviceType } from './objects.ts'
import { updateNotificationSettings } from './settings/update.ts'
import './recovery/schema.ts'
import './verification/schema.ts'

builder.queryField('pushAttempts', (t) =>
  t.field({
    errors: ['NOT_FOUND', 'FORBIDDEN'],
    nullable: true,
    type: [PushAttemptType],
    items: attemptsMax,
    description:
      'Notifications, e-mails and text messages about a message, with their outcomes; for the sender and moderators. At most 500, oldest first; deleted after a few days. NOT_FOUND if the viewer cannot read the message, FORBIDDEN if another user sent it.',
    args: { messageId: t.arg.id({ required: true, description: 'Id of the message.' }) },
    resolve: (_root, { messageId }, ctx) => pushAttempts(ctx, messageId),
  }),
)

const pushDeviceId = { required: true, description: 'Id of the push device.' } as const

defineMutation('registerPushDevice', {
  description:
    'Registers the push token of the device that calls, until its session ends. Call it at each start of the app: it is idempotent. A token moves to the user who registers it last. INVALID_INPUT for an invalid token or locale, LIMIT_EXCEEDED for too many push devices.',
  errors: ['INVALID_INPUT', 'LIMIT_EXCEEDED'],
  input: RegisterPushDeviceInput,
  resolve: async (input, ctx) => ({ pushDevice: await registerPushDevice(ctx, input) }),
  payload: (t) => ({
    pushDevice: t.expose('pushDevice', { type: PushDeviceType, description: 'The registered push device.' }),
    me: meField(t),
  }),
})

defineMutation('removePushDevice', {
  description:
    "Removes one of the viewer's push devices; it gets no further notifications. Idempotent. NOT_FOUND if it is not the viewer's.",
  errors: ['NOT_FOUND'],
  input: inputOf('removePushDevice', (t) => ({ pushDeviceId: t.id(pushDeviceId) })),
  resolve: async (input, ctx) => {
    await removePushDevice(ctx, input.pushDeviceId)
    return input
  },
  payload: (t) => ({
    removedPushDeviceId: t.exposeID('pushDeviceId', { description: 'Id of the removed push device.' }),
    me: meField(t),
  }),
})

defineMutation('updateNotificationSettings', {
  description:
    "Changes the viewer's notification settings, for all devices. INVALID_INPUT for an invalid time or time zone, or quiet hours with only a start or only an end; it lists every issue.",
  errors: ['INVALID_INPUT'],
  input: UpdateNotificationSettingsInput,
  resolve: (input, ctx) => updateNotificationSettings(ctx, input),
  payload: (t) => ({ me: meField(t) }),
})

defineMutation('testPush', {
  description:
    "Sends a test notification to one of the viewer's devices at once, regardless of the settings, and returns the outcome. It is not retried. NOT_FOUND if the device is not the viewer's or its session has ended, RATE_LIMITED after too many in an hour.",
  errors: ['NOT_FOUND', 'RATE_LIMITED'],
  input: inputOf('testPush', (t) => ({ pushDeviceId: t.id(pushDeviceId) })),
  resolve: async (input, ctx) => ({ attempt: await testPush(ctx, input.pushDeviceId) }),
  payload: (t) => ({
    attempt: t.expose('attempt', { type: PushAttemptType, description: 'The attempt and its outcome.' }),
    me: meField(t),
  }),
})
