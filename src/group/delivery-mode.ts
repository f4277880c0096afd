import type { DeliveryMode } from '../platform/db/generated/enums.ts'
import { builder } from '../platform/graphql/builder.ts'

/** The schema version in which INLINE replaced DIRECT. */
const inlineSince = 3

export const DeliveryModeType = builder.enumType('DeliveryMode', {
  description: 'How new messages of a group reach connected members.',
  values: {
    INLINE: { description: 'The messages are part of the event, MessagesChanged.' },
    SIGNAL: {
      description:
        'A ConversationSignal says that there is more; the client pulls it with changes. For large groups.',
    },
    DIRECT: {
      description: 'INLINE, for clients that name a schema version below 3.',
      deprecationReason: 'Renamed to INLINE in schema version 3.',
    },
  } as const,
})

/** Clients of the versions before `inlineSince` parse only DIRECT and SIGNAL. */
export const deliveryModeFor = (schemaVersion: number | null, mode: DeliveryMode) =>
  mode === 'INLINE' && schemaVersion !== null && schemaVersion < inlineSince ? 'DIRECT' : mode
