import { builder } from '../platform/graphql/builder.ts'

export const DeliveryModeType = builder.enumType('DeliveryMode', {
  description: 'How new messages of a group reach connected members.',
  values: {
    INLINE: { description: 'The messages are part of the event, MessagesChanged.' },
    SIGNAL: {
      description:
        'A ConversationSignal says that there is more; the client pulls it with changes. For large groups.',
    },
  } as const,
})

export const JoinPolicy = builder.enumType('JoinPolicy', {
  description: 'How users join a group without an invite.',
  values: {
    INVITE_ONLY: { description: 'Only with an invite; without one the group answers NOT_FOUND.' },
    APPROVAL: { description: 'joinGroup creates a join request, which the owner or an admin approves.' },
    OPEN: { description: 'joinGroup adds the viewer at once.' },
  } as const,
})

export const PostingPolicy = builder.enumType('PostingPolicy', {
  description: 'Who may send messages in a group.',
  values: {
    EVERYONE: { description: 'Every member.' },
    ADMINS: { description: 'Owner and admins; FORBIDDEN for others.' },
  } as const,
})

export const HistoryVisibility = builder.enumType('HistoryVisibility', {
  description: 'Which earlier messages new members see. A change applies to users who join after it.',
  values: {
    ALL: { description: 'All messages.' },
    SINCE_JOINED: { description: 'Messages from the system message of the join on.' },
  } as const,
})

export const MentionAllPolicy = builder.enumType('MentionAllPolicy', {
  description: 'Who may mention all members of a group at once. Also for edits that add such a mention.',
  values: {
    BY_SIZE: {
      description:
        'Every member in groups of up to serverInfo.limits.mentionAllGroupSize members, owner and admins in larger ones.',
    },
    EVERYONE: { description: 'Every member.' },
    ADMINS: { description: 'Owner and admins; FORBIDDEN for others.' },
  } as const,
})
