import { builder } from '../../platform/graphql/builder.ts'
import { contentFor } from '../content/fallback.ts'
import { MessageContentInterface } from '../content/schema.ts'
import { MessageType } from '../refs.ts'
import { type Revision, readRevisions } from './revisions.ts'

const MessageRevisionType = builder.objectRef<Revision>('MessageRevision').implement({
  description: 'What a message said until an edit.',
  fields: (t) => ({
    content: t.field({
      type: MessageContentInterface,
      description: 'The earlier content.',
      resolve: ({ content }, _args, ctx) => contentFor(ctx, content),
    }),
    replacedAt: t.expose('replacedAt', {
      type: 'DateTime',
      description: "When another took its place, by the database's clock.",
    }),
  }),
})

builder.objectField(MessageType, 'revisions', (t) =>
  t.field({
    type: [MessageRevisionType],
    description:
      "Earlier texts of an edited message, oldest first; for the sender and the group's owner and admins, empty for others. A recall erases them.",
    resolve: (message, _args, ctx) => readRevisions(ctx, message),
  }),
)
