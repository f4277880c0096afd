import { UserConnection } from '../../account/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { pageArgs } from '../../platform/graphql/connection.ts'
import { MessageType } from '../refs.ts'
import { listReaders, readerCount } from './readers.ts'

builder.objectFields(MessageType, (t) => ({
  readerCount: t.int({
    nullable: true,
    description:
      "Number of users other than the sender who have read the message and were members when it was sent. Users with receipts off are not counted. null if the viewer's or the peer's receipts are off, in groups of more than serverInfo.limits.receiptGroupSize members, and for system messages.",
    resolve: (message, _args, ctx) => readerCount(ctx, message),
  }),
  readBy: t.field({
    type: UserConnection,
    description: 'The users who have read the message, by name; empty if readerCount is null.',
    args: pageArgs,
    resolve: (message, args, ctx) => listReaders(ctx, message, args),
  }),
}))
