import { builder } from '../platform/graphql/builder.ts'
import type { ConversationRow, MembershipRow } from './store.ts'

export const ConversationInterface = builder.interfaceRef<ConversationRow>('Conversation')
export const DirectConversationType = builder.objectRef<ConversationRow>('DirectConversation')
export const GroupConversationType = builder.objectRef<ConversationRow>('GroupConversation')
export const GroupMemberType = builder.objectRef<MembershipRow>('GroupMember')
export const MembershipType = builder.objectRef<MembershipRow>('Membership')

export const ConversationKindEnum = builder.enumType('ConversationKind', {
  description: 'Direct conversation or group.',
  values: {
    DIRECT: { description: 'Between two users.' },
    GROUP: { description: 'Group with a name and roles.' },
  } as const,
})
