import { UserType } from '../../account/refs.ts'
import { namedUser } from '../../account/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import type { Typing } from './event.ts'
import { sendTyping } from './send.ts'
import { watchTyping } from './stream.ts'

const TypingEventType = builder.objectRef<Typing>('TypingEvent').implement({
  description: 'A user types in a conversation, or has stopped. Ephemeral: never stored.',
  fields: (t) => ({
    conversationId: t.exposeID('conversationId', { description: 'Conversation in which the user types.' }),
    user: t.field({
      type: UserType,
      description: 'The typing user; never the viewer.',
      resolve: ({ userId }, _args, ctx) => namedUser(ctx, userId),
    }),
    typing: t.exposeBoolean('typing', {
      description: 'False when the user stopped, sent the message, or let expiresAt pass.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'End of the indicator unless it is renewed.',
      resolve: ({ expiresAt }) => new Date(expiresAt),
    }),
  }),
})

defineMutation('sendTyping', {
  description:
    'Shows the other members of a conversation that the viewer types. Ends after 6 seconds, with the next message, or with typing: false. Call it every few seconds while the user types; more frequent calls are ignored. NOT_FOUND if the viewer is not a member.',
  errors: ['NOT_FOUND'],
  input: inputOf('sendTyping', (t) => ({
    conversationId: t.id({ required: true, description: 'Conversation in which the viewer types.' }),
    typing: t.boolean({ required: true, defaultValue: true, description: 'False to end the indicator.' }),
  })),
  resolve: async ({ conversationId, typing }, ctx) => ({
    shown: await sendTyping(ctx, conversationId, typing),
  }),
  payload: (t) => ({
    shown: t.exposeBoolean('shown', {
      description:
        'Whether others can see it; false in groups with delivery mode SIGNAL, and where the viewer may not send.',
    }),
  }),
})

builder.subscriptionField('typing', (t) =>
  t.field({
    errors: ['NOT_FOUND'],
    type: TypingEventType,
    description:
      'Typing in one conversation, or in all of the viewer. Delivers changes from now on, only the latest of each user. Groups with delivery mode SIGNAL have no typing. NOT_FOUND if the viewer is not a member.',
    args: { conversationId: t.arg.id({ description: 'The conversation; null for all of the viewer.' }) },
    subscribe: (_root, { conversationId }, ctx) => watchTyping(ctx, conversationId ?? null),
    resolve: (typing) => typing,
  }),
)
