import { builder } from '../platform/graphql/builder.ts'
import { MediaType } from './refs.ts'
import { readMedia } from './store.ts'
import './types.ts'

builder.queryField('media', (t) =>
  t.field({
    type: MediaType,
    nullable: true,
    description:
      'A media of mine, or of a message I may read; null when it does not exist or is not mine to read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the media.' }) },
    resolve: (_root, { id }, ctx) => readMedia(ctx, id),
  }),
)
