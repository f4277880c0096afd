// The operations of a small application, in the shape that an application writes by hand.

const message = '__typename id seq version plainText'
const row = `
  __typename id version title lastActivityAt
  membership { __typename id unreadCount pinned hidden }
  lastMessage { ${message} }`

export const First = `
  query First {
    syncCursor
    me { __typename id unreadCount }
    conversations(first: 30) { __typename edges { __typename node { ${row} } } }
  }`

export const Open = `
  query Open($id: ID!) {
    conversation(id: $id) {
      __typename id version
      messages(last: 100) { __typename edges { __typename node { ${message} } } }
    }
  }`

/** Another query with the same messages. */
export const Glance = `
  query Glance($id: ID!) {
    conversation(id: $id) {
      __typename id version
      messages(last: 10) { __typename edges { __typename node { ${message} } } }
    }
  }`

export const Changes = `
  query Changes($since: [ConversationVersionInput!]!) {
    conversationChanges(since: $since) {
      __typename version hasMore
      conversation { ${row} }
      messages { ${message} }
    }
  }`

export const Edit = `
  mutation Edit($id: ID!, $text: String!) {
    editMessage(input: { messageId: $id, content: { text: $text } }) {
      __typename
      message { ${message} }
    }
  }`

export const Read = `
  mutation Read($id: ID!, $seq: Int!) {
    markRead(input: { conversationId: $id, readSeq: $seq }) {
      __typename
      membership { __typename id unreadCount }
    }
  }`

export const Inbox = `
  subscription Inbox($after: SyncCursor, $streamId: ID) {
    inbox(after: $after, streamId: $streamId) {
      __typename
      cursor
      ... on MessagesChanged {
        fromVersion version
        conversation { ${row} }
        messages { ${message} }
      }
      ... on ConversationSignal { conversationId version }
      ... on ConversationChanged { conversation { ${row} } }
      ... on ConversationRemoved { conversationId }
      ... on MeChanged { me { __typename id unreadCount } }
    }
  }`
