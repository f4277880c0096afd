import { builder } from '../platform/graphql/builder.ts'

export const PlatformEnum = builder.enumType('Platform', {
  description: 'What a device runs.',
  values: {
    WEB: { description: 'A browser.' },
    IOS: { description: 'An app on an iPhone or iPad.' },
    ANDROID: { description: 'An app on Android.' },
    DESKTOP: { description: 'A program on a computer.' },
    MINI_PROGRAM: { description: 'A mini program inside another app.' },
    BOT: { description: 'No person, but a program.' },
    OTHER: { description: 'Something else, or not told.' },
  } as const,
})

const DeviceInput = builder.inputType('DeviceInput', {
  description: 'The device that signs in, as its owner will see it in the list of sessions.',
  fields: (t) => ({
    id: t.string({
      description:
        "The device's own stable id, 1 to 128 characters: signing in again on the same device replaces its session.",
    }),
    name: t.string({ required: true, description: 'What its owner calls it; 1 to 64 code points.' }),
    platform: t.field({ type: PlatformEnum, required: true, description: 'What it runs.' }),
  }),
})

export const RegisterInput = builder.inputType('RegisterInput', {
  description: 'A new account.',
  fields: (t) => ({
    handle: t.string({
      required: true,
      description:
        'The unique name to be found by: 3 to 32 of a–z, 0–9, _, . and -, upper case does not matter; it begins with a letter or digit and has no two of _ . - in a row.',
    }),
    password: t.string({
      required: true,
      description: '8 to 128 characters; not the handle, and none of those that are tried first.',
    }),
    displayName: t.string({
      required: true,
      description: 'The name to show: 1 to 64 code points in one line, with something to see.',
    }),
    email: t.string({ description: 'An e-mail address, which nobody else sees.' }),
    device: t.field({ type: DeviceInput, description: 'The device that signs in with it.' }),
  }),
})

export const LoginInput = builder.inputType('LoginInput', {
  description: 'Who signs in, and on which device.',
  fields: (t) => ({
    handle: t.string({ required: true, description: 'The handle; upper case does not matter.' }),
    password: t.string({ required: true, description: 'The password.' }),
    device: t.field({ type: DeviceInput, description: 'The device that signs in.' }),
  }),
})

export const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The password now, and the one to come.',
  fields: (t) => ({
    current: t.string({ required: true, description: 'The password as it is.' }),
    next: t.string({ required: true, description: 'The password to be, by the rules of register.' }),
  }),
})
