import { meField } from '../account/payload.ts'
import { conversationField } from '../conversation/payload.ts'
import type { PayloadFields } from '../platform/graphql/mutation.ts'
import { MessageType } from './refs.ts'
import type { MessageRow } from './store.ts'

/** Payload of a change of one message. */
export const messagePayload = (t: PayloadFields<MessageRow>) => ({
  message: t.field({
    type: MessageType,
    description: 'The message after the change.',
    resolve: (message) => message,
  }),
  conversation: conversationField(t),
})

/** Payload of a change that also moves the unread count of the viewer. */
export const countedMessagePayload = (t: PayloadFields<MessageRow>) => ({
  ...messagePayload(t),
  me: meField(t),
})
