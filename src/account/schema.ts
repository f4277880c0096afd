import { requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { avatarUrl } from './avatar.ts'
import { isModerator } from './moderators.ts'
import { MeType, UserType } from './refs.ts'
import { findByHandle, loadUser, requireAccount } from './store.ts'
import { updateProfile } from './update-profile.ts'

UserType.implement({
  description: 'A person who uses this server, as others see them.',
  fields: (t) => ({
    id: t.exposeID('id', { shareable: true, description: 'Never changes and is never used again.' }),
    handle: t.exposeString('handle', {
      shareable: true,
      description: 'The unique name to find the person by: 3 to 32 of a–z, 0–9, _, . and -.',
    }),
    displayName: t.exposeString('displayName', {
      shareable: true,
      description: 'The name to show, at most 64 code points; not unique.',
    }),
    avatarUrl: t.field({
      type: 'URL',
      nullable: true,
      shareable: true,
      description: 'A picture to show; null when there is none.',
      resolve: (user, _args, ctx) => avatarUrl(ctx, user.avatarKey),
    }),
    bio: t.exposeString('bio', {
      nullable: true,
      shareable: true,
      description: 'What the person says of themself, at most 280 code points; null when nothing.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      shareable: true,
      description: 'When the account was made.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      shareable: true,
      description: 'The account is gone since then; handle and name are placeholders. null while it stands.',
    }),
  }),
})

MeType.implement({
  description: 'The private side of the signed-in user.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The user's id." }),
    user: t.field({ type: UserType, description: 'What others see of me.', resolve: (me) => me }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'Where to write to me, which nobody else sees; null when not given.',
    }),
    phone: t.exposeString('phone', {
      nullable: true,
      description: 'Where to call me, like +4930123456, which nobody else sees; null when not given.',
    }),
    moderator: t.boolean({
      description: 'I am one of the moderators of this server, whom its operator names.',
      resolve: (me, _args, ctx) => isModerator(ctx, me.id),
    }),
  }),
})

builder.queryFields((t) => ({
  me: t.field({
    type: MeType,
    description: 'The signed-in user.',
    resolve: (_root, _args, ctx) => requireAccount(ctx.sql, requireViewer(ctx).userId),
  }),
  user: t.field({
    type: UserType,
    nullable: true,
    description: 'A user by id, also when the account is gone; null when there never was one.',
    args: { id: t.arg.id({ required: true, description: 'The id of the user.' }) },
    resolve: (_root, { id }, ctx) => {
      requireViewer(ctx)
      return loadUser(ctx, id)
    },
  }),
  userByHandle: t.field({
    type: UserType,
    nullable: true,
    description: 'The user who has this handle; null when nobody has.',
    args: { handle: t.arg.string({ required: true, description: 'In full; upper case does not matter.' }) },
    resolve: (_root, { handle }, ctx) => {
      requireViewer(ctx)
      return findByHandle(ctx.sql, handle)
    },
  }),
}))

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'What to change; what is left out stays.',
  fields: (t) => ({
    displayName: t.string({
      description: '1 to 64 code points in one line, with something to see. null leaves it.',
    }),
    bio: t.string({ description: 'At most 280 code points. null or empty takes it away.' }),
    avatarMediaId: t.id({
      description:
        'An uploaded image of mine that is READY. null leaves it, an empty id takes the picture away.',
    }),
    email: t.string({ description: 'An e-mail address. null or empty takes it away.' }),
    phone: t.string({
      description: 'A number with + and its country, like +49 30 123456. null or empty takes it away.',
    }),
  }),
})

builder.mutationField('updateProfile', (t) =>
  t.field({
    type: MeType,
    description:
      'Changes what others see of me, and how I can be reached. INVALID_INPUT lists every fault; NOT_FOUND for an image that is not mine.',
    args: { input: t.arg({ type: UpdateProfileInput, required: true, description: 'What to change.' }) },
    resolve: (_root, { input }, ctx) => updateProfile(ctx, input),
  }),
)
