import { UserConnection } from '../../account/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { pageArgs } from '../../platform/graphql/connection.ts'
import { MessageType } from '../refs.ts'
import { addReaction } from './add.ts'
import { removeReaction } from './remove.ts'
import { listReactors, type ReactionGroup, reactedByMe, readReactions } from './store.ts'

const ReactionGroupType = builder.objectRef<ReactionGroup>('ReactionGroup').implement({
  description: "Everybody's use of one emoji on one message.",
  fields: (t) => ({
    emoji: t.exposeString('emoji', {
      shareable: true,
      description: 'One emoji in its full form, as Unicode recommends it.',
    }),
    count: t.exposeInt('count', { shareable: true, description: 'How many people used it.' }),
    reactedByMe: t.boolean({
      description: 'I am one of them.',
      resolve: (group, _args, ctx) => reactedByMe(ctx, group),
    }),
    users: t.field({
      type: UserConnection,
      description: 'Who they are, the first of them first.',
      args: pageArgs,
      resolve: (group, args, ctx) => listReactors(ctx, group, args),
    }),
  }),
})

builder.objectField(MessageType, 'reactions', (t) =>
  t.field({
    type: [ReactionGroupType],
    shareable: true,
    description:
      'The emojis that people put on it, in the order of their first use; none on a recalled message.',
    resolve: (message, _args, ctx) => readReactions(ctx, message),
  }),
)

const messageId = { required: true, description: 'The id of the message.' } as const

builder.mutationFields((t) => ({
  addReaction: t.field({
    type: MessageType,
    description:
      'Puts an emoji of mine on a message; repeating it changes nothing. INVALID_INPUT when it is not one emoji, LIMIT_EXCEEDED when the message has too many different ones or too many of mine, CONFLICT when it was recalled, FORBIDDEN on a system message, MUTED while I am muted, RATE_LIMITED as for a message. In a direct conversation also the refusals of sendMessage.',
    args: {
      messageId: t.arg.id(messageId),
      emoji: t.arg.string({ required: true, description: 'One emoji, such as 👍, ❤️ or 🏳️‍🌈.' }),
    },
    resolve: (_root, args, ctx) => addReaction(ctx, args.messageId, args.emoji),
  }),
  removeReaction: t.field({
    type: MessageType,
    description:
      'Takes an emoji of mine off a message; when there is none, nothing changes. NOT_FOUND when the message is not mine to read, INVALID_INPUT when it is not one emoji.',
    args: {
      messageId: t.arg.id(messageId),
      emoji: t.arg.string({ required: true, description: 'The emoji to take off.' }),
    },
    resolve: (_root, args, ctx) => removeReaction(ctx, args.messageId, args.emoji),
  }),
}))
