import { builder } from '../../platform/graphql/builder.ts'
import type { BodyOf, EventBody, InboxEvent } from './body.ts'

type EventOf<Type extends EventBody['type']> = InboxEvent & { body: BodyOf<Type> }

export const InboxEventInterface = builder.interfaceRef<InboxEvent>('InboxEvent').implement({
  description:
    'Something that changed for me. After handling an event, store its cursor; resume with `inbox(after:)`. A client may meet types that are newer than itself: it stores the cursor and goes on.',
  resolveType: (event) => event.type,
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'SyncCursor',
      shareable: true,
      description: 'Where the reader stands after this event.',
    }),
  }),
})

export const eventRef = <Type extends EventBody['type']>(type: Type) => builder.objectRef<EventOf<Type>>(type)

export const interfaces = [InboxEventInterface]
