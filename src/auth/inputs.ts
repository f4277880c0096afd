import { builder } from '../platform/graphql/builder.ts'

export const PlatformEnum = builder.enumType('Platform', {
  description: 'Platform of a device.',
  values: {
    WEB: { description: 'Web browser.' },
    IOS: { description: 'App on iPhone or iPad.' },
    ANDROID: { description: 'App on Android.' },
    DESKTOP: { description: 'Desktop application.' },
    MINI_PROGRAM: { description: 'Mini program inside another app.' },
    BOT: { description: 'Automated client.' },
    OTHER: { description: 'Another platform, or unknown.' },
  } as const,
})

const DeviceInput = builder.inputType('DeviceInput', {
  description: 'The device that signs in, as shown in the list of sessions.',
  fields: (t) => ({
    id: t.string({
      description:
        'Stable id of the device, chosen by the client, 1 to 128 characters. A new sign-in with the same id replaces its session.',
    }),
    name: t.string({ required: true, description: 'Name of the device; one line of 1 to 64 code points.' }),
    platform: t.field({ type: PlatformEnum, required: true, description: 'Platform of the device.' }),
  }),
})

export const RegisterInput = builder.inputType('RegisterInput', {
  description: 'A new account.',
  fields: (t) => ({
    handle: t.string({
      required: true,
      description:
        'Unique name: 3 to 32 characters of a–z, 0–9, _, . and -, stored in lower case. It starts with a letter or digit and has no two of _ . - in a row.',
    }),
    password: t.string({
      required: true,
      description: 'Password: 8 to 128 characters, not the handle and not a common password.',
    }),
    displayName: t.string({
      required: true,
      description: 'Display name: one line of 1 to 64 code points with a visible character.',
    }),
    email: t.string({ description: 'E-mail address, visible to the viewer only.' }),
    device: t.field({
      type: DeviceInput,
      description: 'The first device of the account, which is signed in.',
    }),
  }),
})

export const LoginInput = builder.inputType('LoginInput', {
  description: 'Credentials and device of a sign-in.',
  fields: (t) => ({
    handle: t.string({ required: true, description: 'The handle; case-insensitive.' }),
    password: t.string({ required: true, description: 'The password.' }),
    device: t.field({ type: DeviceInput, description: 'The device that signs in.' }),
  }),
})

export const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The current and the new password.',
  fields: (t) => ({
    current: t.string({ required: true, description: 'The current password.' }),
    next: t.string({ required: true, description: 'The new password, by the rules of `register`.' }),
  }),
})

export const DeleteAccountInput = builder.inputType('DeleteAccountInput', {
  description: 'Proof that the viewer owns the account: one of these.',
  fields: (t) => ({
    password: t.string({ description: 'The password; null for an account without one.' }),
    providerToken: t.string({
      description:
        'Access token of the identity provider for the same user, after a sign-in within the last 5 minutes by its `auth_time`, or by its `iat` if it has none.',
    }),
  }),
})
