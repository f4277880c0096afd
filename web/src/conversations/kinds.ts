import type { Conversation } from '@parlance/client'

/** Which conversations are listed. */
export type Kind = 'all' | 'unread' | 'groups' | 'hidden'

export const isOfKind = ({ kind, unreadCount }: Conversation, wanted: Kind): boolean =>
  wanted === 'unread' ? unreadCount > 0 : wanted === 'groups' ? kind === 'GROUP' : true
