import { loadAnnouncementAt } from '../../../group/announcement/store.ts'
import { AnnouncementType } from '../../../group/refs.ts'
import { builder } from '../../../platform/graphql/builder.ts'
import { MessageType } from '../../refs.ts'
import { readMessageAt } from '../../store.ts'
import type { Change } from './change.ts'

export const MessagePinType = builder.objectRef<Change<'MESSAGE_PINNED'>>('MessagePin').implement({
  description: 'The message that was pinned.',
  fields: (t) => ({
    messageSeq: t.int({
      shareable: true,
      description: 'Number of the pinned message.',
      resolve: ({ place }) => place.quoteSeq ?? 0,
    }),
    message: t.field({
      type: MessageType,
      nullable: true,
      shareable: true,
      description:
        'The pinned message in its current state, also after a recall; null if the viewer may not read it.',
      resolve: ({ place: { conversationId, quoteSeq } }, _args, ctx) =>
        quoteSeq === null ? null : readMessageAt(ctx, { conversationId, seq: quoteSeq }),
    }),
  }),
})

export const AnnouncementPostType = builder
  .objectRef<Change<'ANNOUNCEMENT_POSTED'>>('AnnouncementPost')
  .implement({
    description: 'The announcement that was posted.',
    fields: (t) => ({
      announcement: t.field({
        type: AnnouncementType,
        nullable: true,
        shareable: true,
        description: 'The announcement.',
        resolve: ({ place }, _args, ctx) => loadAnnouncementAt(ctx, place),
      }),
    }),
  })
