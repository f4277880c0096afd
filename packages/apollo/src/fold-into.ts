import type { ApolloCache, DocumentNode, Reference } from '@apollo/client'
import { conversationIdOf, type InboxEvent, schemaFacts } from '@parlance/client/adapter'
import { addToList, placeMessages, removeFromLists } from './place.ts'

/** The answer of an inbox subscription, or of a query of `conversationChanges`. */
export interface FoldedData {
  inbox?: InboxEvent
  conversationChanges?: readonly (Required<Pick<InboxEvent, 'messages'>> & { conversation: { id: string } })[]
}

/** Lists of the viewer that an event changes in a way that it does not describe. They are read again. */
const changedLists: Record<string, string[]> = {
  FriendshipChanged: ['friends', 'friendRequests'],
  FriendRequestChanged: ['friendRequests'],
}

const scratch = 'PARLANCE_ANSWER'

/** Writes answers into a cache, with their objects in the lists that contain them. */
export const foldInto =
  (cache: ApolloCache) =>
  (query: DocumentNode, data: FoldedData): void =>
    cache.batch({
      update(target) {
        // The answer itself is of no use; its objects are.
        target.write({ query, dataId: scratch, result: data as Record<string, unknown> })
        target.evict({ id: scratch })
        if (data.inbox) foldEvent(target, data.inbox)
        for (const { conversation, messages } of data.conversationChanges ?? []) {
          placeMessages(target, conversation.id, messages)
          addToList(target, conversation)
        }
      },
    })

function foldEvent(cache: ApolloCache, event: InboxEvent): void {
  const id = conversationIdOf(event)
  if (event.__typename === 'ConversationRemoved' && id) remove(cache, id)
  if (event.__typename === 'MessagesChanged' && id) placeMessages(cache, id, event.messages ?? [])
  if (/^(ConversationChanged|MessagesChanged)$/.test(event.__typename) && event.conversation)
    addToList(cache, event.conversation)
  for (const field of changedLists[event.__typename] ?? [])
    cache.modify({ fields: { [field]: (_, { DELETE }) => DELETE } })
}

function remove(cache: ApolloCache, id: string): void {
  const gone = (schemaFacts.lookups.conversation ?? []).map((__typename) =>
    cache.identify({ __typename, id }),
  )
  removeFromLists(cache, gone)
  for (const one of gone) cache.evict({ id: one })
  cache.modify<{ conversation: Reference | null }>({
    fields: {
      conversation: (existing, { storeFieldName }) =>
        storeFieldName.includes(JSON.stringify(id)) ? null : existing,
    },
  })
}
