import {
  ConnectionHandler,
  type Environment,
  graphql,
  type RecordSourceSelectorProxy,
  requestSubscription,
} from 'relay-runtime'
import type { inboxEventsSubscription } from '../generated/inboxEventsSubscription.graphql.ts'

/** Keeps the store up to date: Relay updates known objects, and new messages are added to an open history. */
export function receiveEvents(environment: Environment, after: string, received: (type: string) => void) {
  return requestSubscription<inboxEventsSubscription>(environment, {
    subscription: graphql`
      subscription inboxEventsSubscription($after: SyncCursor) {
        inbox(after: $after) {
          __typename
          cursor
          ... on MessagesChanged {
            conversation {
              id
              version
              ...list_row
            }
            messages {
              id
              ...history_bubble
            }
          }
          ... on ConversationChanged {
            conversation {
              ...list_row
            }
          }
          ... on MeChanged {
            me {
              unreadCount
            }
          }
          ... on ResyncRequired {
            resyncReason
          }
        }
      }
    `,
    variables: { after },
    updater: addMessages,
    onNext: (event) => event && received(event.inbox.__typename),
  })
}

function addMessages(store: RecordSourceSelectorProxy): void {
  const event = store.getRootField('inbox')
  const conversation = event?.getType() === 'MessagesChanged' && event.getLinkedRecord('conversation')
  const history = conversation && ConnectionHandler.getConnection(conversation, 'history_messages')
  // A history that is not open at its end gets them when it is paged there.
  if (!history || history.getLinkedRecord('pageInfo')?.getValue('hasNextPage')) return
  const nodes = (history.getLinkedRecords('edges') ?? []).map((edge) => edge?.getLinkedRecord('node'))
  const held = new Set(nodes.map((node) => node?.getDataID()))
  for (const message of event?.getLinkedRecords('messages') ?? [])
    if (message && !held.has(message.getDataID()))
      ConnectionHandler.insertEdgeAfter(
        history,
        ConnectionHandler.createEdge(store, history, message, 'MessageEdge'),
      )
}
