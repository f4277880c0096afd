import { UserType } from '../../account/refs.ts'
import { loadUser } from '../../account/store.ts'
import { notFound } from '../../errors.ts'
import { builder } from '../../platform/graphql/builder.ts'
import type { Typing } from './event.ts'
import { sendTyping } from './send.ts'
import { watchTyping } from './stream.ts'

const TypingEventType = builder.objectRef<Typing>('TypingEvent').implement({
  description: 'Somebody types in a conversation, or has stopped. It is never stored.',
  fields: (t) => ({
    conversationId: t.exposeID('conversationId', { description: 'Where.' }),
    user: t.field({
      type: UserType,
      description: 'Who; never myself.',
      resolve: async ({ userId }, _args, ctx) => {
        const user = await loadUser(ctx, userId)
        if (!user) throw notFound('user')
        return user
      },
    }),
    typing: t.exposeBoolean('typing', {
      description: 'False once they have stopped, have sent, or were not heard of until expiresAt.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it is over by itself, unless it is told again.',
      resolve: ({ expiresAt }) => new Date(expiresAt),
    }),
  }),
})

builder.mutationField('sendTyping', (t) =>
  t.boolean({
    description:
      'Tells the others in a conversation that I type. It is over after some 6 seconds, when I send, or with typing: false; call it again every few seconds, more often is not told. False where nobody is told: in large groups, which are signalled, and where I may not send. NOT_FOUND for a conversation that is not mine.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'Where I type.' }),
      typing: t.arg.boolean({
        required: true,
        defaultValue: true,
        description: 'False when I have stopped.',
      }),
    },
    resolve: (_root, { conversationId, typing }, ctx) => sendTyping(ctx, conversationId, typing),
  }),
)

builder.subscriptionField('typing', (t) =>
  t.field({
    type: TypingEventType,
    description:
      'Who is typing: in one conversation, or in all of mine. It begins with what is told from now on; of each person only the latest. Large groups, which are signalled, tell nothing. NOT_FOUND for a conversation that is not mine.',
    args: { conversationId: t.arg.id({ description: 'One conversation; all of mine without it.' }) },
    subscribe: (_root, { conversationId }, ctx) => watchTyping(ctx, conversationId ?? null),
    resolve: (typing) => typing,
  }),
)
