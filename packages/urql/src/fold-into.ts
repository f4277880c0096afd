import { conversationIdOf, type InboxEvent, schemaFacts } from '@parlance/client/adapter'
import type { Cache } from '@urql/exchange-graphcache'
import { addToList, conversationsIn, placeMessages, removeFromLists } from './place.ts'

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

/** Puts the objects of an answer, which are in the cache already, into the lists that contain them. */
export const foldInto =
  (cache: Cache) =>
  ({ inbox, conversationChanges = [] }: FoldedData): void => {
    if (inbox) foldEvent(cache, inbox)
    for (const { conversation, messages } of conversationChanges) {
      placeMessages(cache, conversation.id, messages)
      addToList(cache, conversation)
    }
  }

function foldEvent(cache: Cache, event: InboxEvent): void {
  const id = conversationIdOf(event)
  if (event.__typename === 'ResyncRequired') dropAll(cache)
  if (event.__typename === 'ConversationRemoved' && id) remove(cache, id)
  if (event.__typename === 'MessagesChanged' && id) placeMessages(cache, id, event.messages ?? [])
  if (/^(ConversationChanged|MessagesChanged)$/.test(event.__typename) && event.conversation)
    addToList(cache, event.conversation)
  for (const name of changedLists[event.__typename] ?? [])
    for (const { fieldName, fieldKey } of cache.inspectFields('Query'))
      if (fieldName === name) cache.invalidate('Query', fieldKey)
}

function remove(cache: Cache, id: string): void {
  const gone = (schemaFacts.lookups.conversation ?? []).map((__typename) => ({ __typename, id }))
  removeFromLists(
    cache,
    gone.map((one) => cache.keyOfEntity(one)),
  )
  for (const one of gone) cache.invalidate(one)
  cache.link('Query', 'conversation', { id }, null)
}

/** The server lost changes that it had delivered, so what is on the screen is read again. */
function dropAll(cache: Cache): void {
  for (const conversation of conversationsIn(cache)) cache.invalidate(conversation)
  for (const { fieldKey } of cache.inspectFields('Query')) cache.invalidate('Query', fieldKey)
}
