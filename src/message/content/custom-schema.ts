import { builder } from '../../platform/graphql/builder.ts'
import type { CustomBody } from './kinds/custom.ts'
import { kinds } from './kinds/registry.ts'
import type { ReadContent } from './plain-text.ts'
import { MessageContentInterface } from './schema.ts'

builder.objectRef<Extract<ReadContent, { kind: 'CUSTOM' }>>(kinds.CUSTOM.typeName).implement({
  description: 'Custom message of the application. Clients that do not know its type show plainText.',
  interfaces: [MessageContentInterface],
  fields: (t) => ({
    type: t.string({
      shareable: true,
      description:
        'Type of the custom message; serverInfo.messageKinds lists the types that the server validates.',
      resolve: ({ content }: { content: CustomBody }) => content.custom_type,
    }),
    data: t.field({
      type: 'JSONObject',
      shareable: true,
      description: 'Data of the application; it matches the schema if the server validates the type.',
      resolve: ({ content }: { content: CustomBody }) => content.data,
    }),
    fallbackText: t.string({
      shareable: true,
      description: 'Text by the sender for clients that do not know the type.',
      resolve: ({ content }: { content: CustomBody }) => content.fallback_text,
    }),
  }),
})
