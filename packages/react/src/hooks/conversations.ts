import type { Conversation, Parlance, PresenceById } from '@parlance/client'
import { useMemo } from 'react'
import { useParlance } from '../context.ts'
import { useSignal } from './signal.ts'

export interface UseConversations extends Pick<Parlance, 'direct' | 'search'> {
  /** Pinned ones first, then by latest activity. */
  conversations: readonly Conversation[]
  /** Unread messages in all conversations without doNotDisturb. */
  unreadCount: number
}

/** The list of conversations. */
export function useConversations(): UseConversations {
  const { conversations, unreadCount, direct, search } = useParlance()
  return { conversations: useSignal(conversations), unreadCount: useSignal(unreadCount), direct, search }
}

/** Presence of users by id; a user who is not in it is not visible to the viewer. */
export function usePresence(userIds: readonly string[]): PresenceById {
  const client = useParlance()
  // The same ids in a new array keep the subscription.
  const ids = JSON.stringify(userIds)
  return useSignal(useMemo(() => client.presence(JSON.parse(ids)), [client, ids]))
}
