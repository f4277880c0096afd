import { MeType } from '../../account/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { setReadReceipts } from './set.ts'

builder.objectField(MeType, 'readReceipts', (t) =>
  t.exposeBoolean('readReceipts', {
    description:
      'Whether read receipts are on. If off, others do not see what the viewer has read, nor the viewer what they have.',
  }),
)

builder.mutationField('setReadReceipts', (t) =>
  t.field({
    type: MeType,
    description:
      "Turns the viewer's read receipts on or off, in all conversations. While they are off, read positions of others are 0 for the viewer and vice versa, and no read receipts are sent. Delivered positions stay visible.",
    args: { enabled: t.arg.boolean({ required: true, description: 'Whether read receipts are on.' }) },
    resolve: (_root, { enabled }, ctx) => setReadReceipts(ctx, enabled),
  }),
)
