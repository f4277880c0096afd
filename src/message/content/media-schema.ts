import { MediaType } from '../../media/refs.ts'
import { loadMedia } from '../../media/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import type { MediaBody } from './kinds/media.ts'
import { kinds } from './kinds/registry.ts'
import type { ReadContent } from './plain-text.ts'
import { MessageContentInterface } from './schema.ts'

type MediaContentKind = 'IMAGE' | 'FILE' | 'VIDEO' | 'AUDIO'

function implementMediaContent<Kind extends MediaContentKind>(kind: Kind, description: string) {
  builder.objectRef<Extract<ReadContent, { kind: Kind }>>(kinds[kind].typeName).implement({
    description,
    interfaces: [MessageContentInterface],
    fields: (t) => ({
      media: t.field({
        type: MediaType,
        nullable: true,
        shareable: true,
        description: 'The media item; null if it was deleted.',
        resolve: ({ content }: { content: MediaBody }, _args, ctx) => loadMedia(ctx, content.media_id),
      }),
      caption: t.string({
        nullable: true,
        shareable: true,
        description: 'Caption of the sender; null if there is none.',
        resolve: ({ content }: { content: MediaBody }) => content.caption ?? null,
      }),
    }),
  })
}

implementMediaContent('IMAGE', 'An image.')
implementMediaContent('FILE', 'A file.')
implementMediaContent('VIDEO', 'A video.')
implementMediaContent('AUDIO', 'Audio, such as a voice message.')
