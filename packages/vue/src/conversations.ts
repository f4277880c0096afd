import type { Conversation, Parlance } from '@parlance/client'
import { computed, type MaybeRefOrGetter, type ShallowRef, toValue } from 'vue'
import { useParlance } from './provide.ts'
import { useSignal } from './signal-ref.ts'

export interface UseConversations extends Pick<Parlance, 'direct' | 'search'> {
  /** Pinned ones first, then by latest activity. */
  conversations: Readonly<ShallowRef<readonly Conversation[]>>
  /** Unread messages in all conversations without doNotDisturb. */
  unreadCount: Readonly<ShallowRef<number>>
}

/** The list of conversations. */
export function useConversations(): UseConversations {
  const { conversations, unreadCount, direct, search } = useParlance()
  return { conversations: useSignal(conversations), unreadCount: useSignal(unreadCount), direct, search }
}

/** Presence of users by id; a user who is not in it is not visible to the viewer. */
export function usePresence(
  userIds: MaybeRefOrGetter<readonly string[]>,
): Readonly<ShallowRef<ReturnType<ReturnType<Parlance['presence']>['get']>>> {
  const parlance = useParlance()
  // The same ids in a new array keep the subscription.
  const ids = computed(() => JSON.stringify(toValue(userIds)))
  const source = computed(() => parlance.presence(JSON.parse(ids.value)))
  return useSignal(source)
}
