import { notFound } from '../../errors.ts'
import { builder } from '../../platform/graphql/builder.ts'
import type { BodyOf, EventType, InboxEvent } from './body.ts'

type EventOf<Type extends EventType> = InboxEvent & { body: BodyOf<Type> }

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

export const eventRef = <Type extends EventType>(type: Type) => builder.objectRef<EventOf<Type>>(type)

export const interfaces = [InboxEventInterface]

/** The subject of an event; the event is dropped if the subject has gone meanwhile. */
export function required<Value>(value: Value | null): Value {
  if (value === null) throw notFound('subject of an event')
  return value
}
