import { UserConnection } from '../../account/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { pageArgs } from '../../platform/graphql/connection.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { defineDerivedNode, derivedId, NodeInterface, splitKey } from '../../platform/graphql/node.ts'
import { messagePayload } from '../payload.ts'
import { MessageType } from '../refs.ts'
import { readMessage } from '../store.ts'
import { addReaction } from './add.ts'
import { removeReaction } from './remove.ts'
import { listReactors, type ReactionGroup, reactedByMe, readReactions } from './store.ts'

const ReactionGroupType = builder.objectRef<ReactionGroup>('ReactionGroup').implement({
  description: 'All reactions with one emoji on one message.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({
      shareable: true,
      description: 'Id of the reactions with this emoji on this message.',
      resolve: ({ messageId, emoji }) => derivedId('reactions', messageId, emoji),
    }),
    emoji: t.exposeString('emoji', {
      shareable: true,
      description: 'The emoji in its fully qualified form.',
    }),
    count: t.exposeInt('count', {
      shareable: true,
      description: 'Number of users who reacted with the emoji.',
    }),
    reactedByMe: t.boolean({
      description: 'Whether the viewer is one of them.',
      resolve: (group, _args, ctx) => reactedByMe(ctx, group),
    }),
    users: t.field({
      type: UserConnection,
      description: 'The users, in the order of their reactions.',
      args: pageArgs,
      resolve: (group, args, ctx) => listReactors(ctx, group, args),
    }),
  }),
})

defineDerivedNode('reactions', {
  type: ReactionGroupType.name,
  read: async (ctx, key) => {
    const [messageId, emoji] = splitKey(key)
    const message = await readMessage(ctx, messageId)
    const groups = message ? await readReactions(ctx, message) : []
    return groups.find((group) => group.emoji === emoji) ?? null
  },
})

builder.objectField(MessageType, 'reactions', (t) =>
  t.field({
    type: [ReactionGroupType],
    items: 'reactionsPerMessage',
    shareable: true,
    description: 'Reactions by emoji, in the order of first use; empty if the message was recalled.',
    resolve: (message, _args, ctx) => readReactions(ctx, message),
  }),
)

const messageId = { required: true, description: 'The id of the message.' } as const

defineMutation('addReaction', {
  description:
    'Adds a reaction of the viewer. Idempotent. Errors: INVALID_INPUT if it is not one emoji; LIMIT_EXCEEDED for too many different emojis on the message or reactions of the viewer; CONFLICT if the message was recalled; FORBIDDEN on a system message; MUTED; RATE_LIMITED as for a message; in a direct conversation also those of sendMessage.',
  errors: [
    'NOT_FOUND',
    'INVALID_INPUT',
    'LIMIT_EXCEEDED',
    'CONFLICT',
    'FORBIDDEN',
    'MUTED',
    'BLOCKED',
    'NOT_FRIENDS',
    'RATE_LIMITED',
  ],
  input: inputOf('addReaction', (t) => ({
    messageId: t.id(messageId),
    emoji: t.string({ required: true, description: 'One emoji, such as 👍, ❤️ or 🏳️‍🌈.' }),
  })),
  resolve: (input, ctx) => addReaction(ctx, input.messageId, input.emoji),
  payload: messagePayload,
})

defineMutation('removeReaction', {
  description:
    'Removes a reaction of the viewer. Idempotent. Errors: NOT_FOUND if the viewer may not read the message; INVALID_INPUT if it is not one emoji.',
  errors: ['NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('removeReaction', (t) => ({
    messageId: t.id(messageId),
    emoji: t.string({ required: true, description: 'The emoji to remove.' }),
  })),
  resolve: (input, ctx) => removeReaction(ctx, input.messageId, input.emoji),
  payload: messagePayload,
})
