import type { Context } from '../../context.ts'
import { type ConversationRow, findConversation } from '../../conversation/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { SubjectGone } from '../../platform/graphql/shared/gone.ts'
import type { BodyOf, EventType, InboxEvent } from './body.ts'

type EventOf<Type extends EventType> = InboxEvent & { body: BodyOf<Type> }

export const InboxEventInterface = builder.interfaceRef<InboxEvent>('InboxEvent').implement({
  description:
    'A change for the viewer. Store the cursor after handling each event, also of types that the client does not know, and resume with `inbox(after:)`.',
  resolveType: (event) => event.type,
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'SyncCursor',
      shareable: true,
      description: 'Position after this event.',
    }),
  }),
})

export const eventRef = <Type extends EventType>(type: Type) => builder.objectRef<EventOf<Type>>(type)

export const interfaces = [InboxEventInterface]

/** The subject of an event. If the viewer no longer sees it, the event is dropped. */
export function required<Value>(value: Value | null): Value {
  if (value === null) throw new SubjectGone()
  return value
}

export const conversationOf = async (ctx: Context, id: string): Promise<ConversationRow> =>
  required(await findConversation(ctx, id))
