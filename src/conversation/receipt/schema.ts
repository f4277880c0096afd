import { meField } from '../../account/payload.ts'
import { MeType } from '../../account/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { setReadReceipts } from './set.ts'

builder.objectField(MeType, 'readReceipts', (t) =>
  t.exposeBoolean('readReceipts', {
    description:
      'Whether read receipts are on. If off, others do not see what the viewer has read, nor the viewer what they have.',
  }),
)

defineMutation('setReadReceipts', {
  description:
    "Turns the viewer's read receipts on or off, in all conversations. While they are off, read positions of others are 0 for the viewer and vice versa, and no read receipts are sent. Delivered positions stay visible. Caches reload what is derived from them: `peerReadSeq`, `peerDeliveredSeq`, `GroupMember.readSeq`, `readerCount` and `readBy`.",
  errors: [],
  input: inputOf('setReadReceipts', (t) => ({
    enabled: t.boolean({ required: true, description: 'Whether read receipts are on.' }),
  })),
  resolve: (input, ctx) => setReadReceipts(ctx, input.enabled),
  payload: (t) => ({ me: meField(t) }),
})
