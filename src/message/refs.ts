import { builder } from '../platform/graphql/builder.ts'
import type { MessageRow } from './store.ts'

export const MessageType = builder.objectRef<MessageRow>('Message')
