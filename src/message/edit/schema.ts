import { builder } from '../../platform/graphql/builder.ts'
import { defineDerivedNode, derivedId, NodeInterface, splitKey } from '../../platform/graphql/node.ts'
import { contentFor } from '../content/fallback.ts'
import { MessageContentInterface } from '../content/schema.ts'
import { MessageType } from '../refs.ts'
import { readMessage } from '../store.ts'
import { type Revision, readRevisions } from './revisions.ts'

const MessageRevisionType = builder.objectRef<Revision>('MessageRevision').implement({
  description: 'The content of a message before an edit.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({
      description: 'Id of the revision.',
      resolve: ({ messageId, version }) => derivedId('revision', messageId, version),
    }),
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

defineDerivedNode('revision', {
  type: MessageRevisionType.name,
  read: async (ctx, key) => {
    const [messageId, version] = splitKey(key)
    const message = await readMessage(ctx, messageId)
    const revisions = message ? await readRevisions(ctx, message) : []
    return revisions.find((revision) => String(revision.version) === version) ?? null
  },
})

builder.objectField(MessageType, 'revisions', (t) =>
  t.field({
    type: [MessageRevisionType],
    items: 'editsPerMessage',
    description:
      "Earlier texts of an edited message, oldest first. Only the sender and the group's owner and admins see them; empty for others. A recall erases them.",
    resolve: (message, _args, ctx) => readRevisions(ctx, message),
  }),
)
