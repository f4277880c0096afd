import { requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineMutation } from '../platform/graphql/mutation.ts'
import { defineDerivedNode, defineRowNode, derivedId, NodeInterface } from '../platform/graphql/node.ts'
import { avatarUrl } from './avatar.ts'
import { isModerator } from './moderators.ts'
import { meField } from './payload.ts'
import { MeType, UserType } from './refs.ts'
import { findByHandle, loadUser, requireAccount } from './store.ts'
import { updateProfile } from './update-profile.ts'

UserType.implement({
  description: 'A user of this server, as other users see them.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { shareable: true, description: 'Permanent id; never reused.' }),
    handle: t.exposeString('handle', {
      shareable: true,
      description: 'Unique name: 3 to 32 characters of a–z, 0–9, _, . and -. It never changes.',
    }),
    displayName: t.exposeString('displayName', {
      shareable: true,
      description: 'Display name, at most 64 code points. Not unique.',
    }),
    avatarUrl: t.field({
      type: 'URL',
      nullable: true,
      shareable: true,
      description: 'URL of the avatar; null if there is none.',
      resolve: (user, _args, ctx) => avatarUrl(ctx, user.avatarKey),
    }),
    bio: t.exposeString('bio', {
      nullable: true,
      shareable: true,
      description: "The user's description of themselves, at most 280 code points; null if empty.",
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      shareable: true,
      description: 'When the account was created.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      shareable: true,
      description:
        'When the account was deleted; handle and display name are then placeholders. null if it is active.',
    }),
  }),
})

defineRowNode('"user"', { type: UserType.name, read: loadUser })

MeType.implement({
  description: 'Private data of the viewer. The public profile and the id of the user are in `user`.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({
      description: 'Id of this object; the id of the viewer as a user is user.id.',
      resolve: (me) => derivedId('me', me.id),
    }),
    user: t.field({ type: UserType, description: "The viewer's public profile.", resolve: (me) => me }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'E-mail address, visible to the viewer only; null if not set.',
    }),
    phone: t.exposeString('phone', {
      nullable: true,
      description:
        'Phone number in international format, such as +4930123456; visible to the viewer only, null if not set.',
    }),
    emailVerifiedAt: t.expose('emailVerifiedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When `email` was verified by a code; null if it is not. A changed address is not verified.',
    }),
    phoneVerifiedAt: t.expose('phoneVerifiedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When `phone` was verified by a code; null if it is not. A changed number is not verified.',
    }),
    moderator: t.boolean({
      description: 'Whether the viewer is a moderator of this server. The operator appoints moderators.',
      resolve: (me, _args, ctx) => isModerator(ctx, me.id),
    }),
  }),
})

defineDerivedNode('me', {
  type: MeType.name,
  read: async (ctx, userId) =>
    userId === requireViewer(ctx).userId ? requireAccount(ctx.sql, userId) : null,
})

builder.queryFields((t) => ({
  me: t.field({
    type: MeType,
    description: 'The viewer.',
    resolve: (_root, _args, ctx) => requireAccount(ctx.sql, requireViewer(ctx).userId),
  }),
  user: t.field({
    type: UserType,
    nullable: true,
    description: 'A user by id, deleted users included; null if the id is unknown.',
    args: { id: t.arg.id({ required: true, description: 'The id of the user.' }) },
    resolve: (_root, { id }, ctx) => {
      requireViewer(ctx)
      return loadUser(ctx, id)
    },
  }),
  userByHandle: t.field({
    type: UserType,
    nullable: true,
    description: 'The user with this handle; null if there is none.',
    args: { handle: t.arg.string({ required: true, description: 'The full handle; case-insensitive.' }) },
    resolve: (_root, { handle }, ctx) => {
      requireViewer(ctx)
      return findByHandle(ctx.sql, handle)
    },
  }),
}))

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'Changes of a profile. What is left out stays.',
  fields: (t) => ({
    displayName: t.string({
      onNull: 'REFUSE',
      description: 'Display name: one line of 1 to 64 code points with a visible character.',
    }),
    bio: t.string({ onNull: 'CLEAR', description: 'Description, at most 280 code points.' }),
    avatarMediaId: t.id({ onNull: 'CLEAR', description: 'A READY image uploaded by the viewer.' }),
    email: t.string({
      onNull: 'CLEAR',
      description: 'E-mail address. Verify it with `requestContactVerification`.',
    }),
    phone: t.string({
      onNull: 'CLEAR',
      description:
        'Phone number with + and country code, such as +49 30 123456. Verify it with `requestContactVerification`.',
    }),
  }),
})

defineMutation('updateProfile', {
  description:
    "Updates the viewer's profile and contact data. Messages show the new name, too: caches reload `senderName` and system messages. INVALID_INPUT lists every issue; NOT_FOUND if the image is not the viewer's.",
  errors: ['INVALID_INPUT', 'NOT_FOUND'],
  input: UpdateProfileInput,
  resolve: (input, ctx) => updateProfile(ctx, input),
  payload: (t) => ({ me: meField(t) }),
})
