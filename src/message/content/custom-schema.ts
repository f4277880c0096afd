import { builder } from '../../platform/graphql/builder.ts'
import type { CustomBody } from './kinds/custom.ts'
import { kinds } from './kinds/registry.ts'
import type { ReadContent } from './plain-text.ts'
import { MessageContentInterface } from './schema.ts'

builder.objectRef<Extract<ReadContent, { kind: 'CUSTOM' }>>(kinds.CUSTOM.typeName).implement({
  description: "An application's own kind of message. Whoever does not know its type shows plainText.",
  interfaces: [MessageContentInterface],
  fields: (t) => ({
    type: t.string({
      shareable: true,
      description: 'Which of the kinds it is; serverInfo.messageKinds lists those that are validated here.',
      resolve: ({ content }: { content: CustomBody }) => content.custom_type,
    }),
    data: t.field({
      type: 'JSONObject',
      shareable: true,
      description: 'What the application made of it. Of a type that is validated here it fits its schema.',
      resolve: ({ content }: { content: CustomBody }) => content.data,
    }),
    fallbackText: t.string({
      shareable: true,
      description: 'What to show to people whose client does not know the type; the sender wrote it.',
      resolve: ({ content }: { content: CustomBody }) => content.fallback_text,
    }),
  }),
})
