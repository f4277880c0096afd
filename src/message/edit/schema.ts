import { builder } from '../../platform/graphql/builder.ts'
import { contentFor } from '../content/fallback.ts'
import { MessageContentInterface } from '../content/schema.ts'
import { MessageType } from '../refs.ts'
import { type Revision, readRevisions } from './revisions.ts'

const MessageRevisionType = builder.objectRef<Revision>('MessageRevision').implement({
  description: 'The content of a message before an edit.',
  fields: (t) => ({
    content: t.field({
      type: MessageContentInterface,
      description: 'The earlier content.',
      resolve: ({ content }, _args, ctx) => contentFor(ctx, content),
    }),
    replacedAt: t.expose('replacedAt', {
      type: 'DateTime',
      description: 'When the edit replaced it.',
    }),
  }),
})

builder.objectField(MessageType, 'revisions', (t) =>
  t.field({
    type: [MessageRevisionType],
    description:
      "Earlier texts of an edited message, oldest first. Only the sender and the group's owner and admins see them; empty for others. A recall erases them.",
    resolve: (message, _args, ctx) => readRevisions(ctx, message),
  }),
)
