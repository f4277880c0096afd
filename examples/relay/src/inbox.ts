import {
  ConnectionHandler,
  type Environment,
  graphql,
  type RecordProxy,
  type RecordSourceSelectorProxy,
  ROOT_ID,
  requestSubscription,
} from 'relay-runtime'
import type { inboxEventsSubscription } from './generated/inboxEventsSubscription.graphql.ts'

const restartAfterMs = 1_000

/**
 * Relay updates known objects itself; new ones are added to the lists. `reload` reads what is on the screen again. `restart`
 * is called after the end of the subscription, such as by an error or after `ResyncRequired`.
 */
export function receiveEvents(
  environment: Environment,
  after: string,
  reload: () => void,
  restart: () => void,
): () => void {
  let restarting: ReturnType<typeof setTimeout> | undefined
  const end = () => {
    restarting = setTimeout(restart, restartAfterMs)
  }
  const { dispose } = requestSubscription<inboxEventsSubscription>(environment, {
    subscription: graphql`
      subscription inboxEventsSubscription($after: SyncCursor) {
        inbox(after: $after) {
          __typename
          cursor
          ... on MessagesChanged {
            conversation {
              id
              title
              lastActivityAt
              membership {
                unreadCount
                pinned
              }
            }
            messages {
              id
              seq
              plainText
              sender {
                displayName
              }
            }
          }
          ... on ConversationChanged {
            conversation {
              id
              title
              lastActivityAt
              membership {
                unreadCount
                pinned
              }
            }
          }
          ... on MeChanged {
            me {
              unreadCount
            }
          }
          ... on SessionEnded {
            endReason
          }
        }
      }
    `,
    variables: { after },
    updater: addToLists,
    onNext: (event) => {
      if (event && ['ConversationSignal', 'ConversationRemoved'].includes(event.inbox.__typename)) reload()
    },
    onError: end,
    onCompleted: end,
  })
  return () => {
    clearTimeout(restarting)
    dispose()
  }
}

function addToLists(store: RecordSourceSelectorProxy): void {
  const event = store.getRootField('inbox')
  if (!event || !['MessagesChanged', 'ConversationChanged'].includes(event.getType())) return
  const conversation = event.getLinkedRecord('conversation')
  if (!conversation) return
  add(store, store.get(ROOT_ID), 'chats_conversations', 'ConversationEdge', [conversation])
  const messages = event.getType() === 'MessagesChanged' ? event.getLinkedRecords('messages') : []
  add(store, conversation, 'chat_messages', 'MessageEdge', messages ?? [])
}

function add(
  store: RecordSourceSelectorProxy,
  parent: RecordProxy | null | undefined,
  key: string,
  edgeType: string,
  nodes: readonly RecordProxy[],
): void {
  const list = parent && ConnectionHandler.getConnection(parent, key)
  if (!list) return
  const held = new Set(
    (list.getLinkedRecords('edges') ?? []).map((edge) => edge?.getLinkedRecord('node')?.getDataID()),
  )
  for (const node of nodes)
    if (!held.has(node.getDataID()))
      ConnectionHandler.insertEdgeAfter(list, ConnectionHandler.createEdge(store, list, node, edgeType))
}
