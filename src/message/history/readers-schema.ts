import { UserConnection } from '../../account/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { pageArgs } from '../../platform/graphql/connection.ts'
import { MessageType } from '../refs.ts'
import { listReaders, readerCount } from './readers.ts'

builder.objectFields(MessageType, (t) => ({
  readerCount: t.int({
    nullable: true,
    description:
      'How many others than the sender have read it, of those who were there when it was sent. null where receipts are off, mine or the peer’s, in a group of more than serverInfo.limits.receiptGroupSize members, and for system messages. Those who hide what they read are not counted.',
    resolve: (message, _args, ctx) => readerCount(ctx, message),
  }),
  readBy: t.field({
    type: UserConnection,
    description: 'Who they are, by name; empty where readerCount is null.',
    args: pageArgs,
    resolve: (message, args, ctx) => listReaders(ctx, message, args),
  }),
}))
