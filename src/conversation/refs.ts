import { builder } from '../platform/graphql/builder.ts'
import type { ConversationRow, MembershipRow } from './store.ts'

export const ConversationInterface = builder.interfaceRef<ConversationRow>('Conversation')
export const DirectConversationType = builder.objectRef<ConversationRow>('DirectConversation')
export const GroupConversationType = builder.objectRef<ConversationRow>('GroupConversation')
export const MembershipType = builder.objectRef<MembershipRow>('Membership')

export const ConversationKindEnum = builder.enumType('ConversationKind', {
  description: 'Between two people, or in a group.',
  values: {
    DIRECT: { description: 'Two people.' },
    GROUP: { description: 'A group with roles.' },
  } as const,
})
