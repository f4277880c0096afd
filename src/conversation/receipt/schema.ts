import { MeType } from '../../account/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { setReadReceipts } from './set.ts'

builder.objectField(MeType, 'readReceipts', (t) =>
  t.exposeBoolean('readReceipts', {
    description: 'Off: others do not see what I read, and I do not see what they read.',
  }),
)

builder.mutationField('setReadReceipts', (t) =>
  t.field({
    type: MeType,
    description:
      'Shows or hides what I read, everywhere and at once. While it is off, the read positions of others are 0 for me and mine is 0 for them, and nobody is told that I read; what was delivered stays visible.',
    args: { enabled: t.arg.boolean({ required: true, description: 'true shows, false hides.' }) },
    resolve: (_root, { enabled }, ctx) => setReadReceipts(ctx, enabled),
  }),
)
