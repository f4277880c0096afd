const message = `id seq version plainText sentAt recalledAt clientMessageId sender { id }
  quote { seq plainText } content { __typename ... on SystemContent { event subjects { id } } }`
const conversation = `id maxSeq messageCount version membership { readSeq readCount unreadCount visibleFromSeq }`
const tokens = 'accessToken refreshToken session { id } user { id }'

const search = `query ($query: String!) {
  searchMessages(query: $query) { nodes { message { ${message} } highlights { snippet } } } }`

/** Everything that the clients of a run ask, as an application would. */
export const documents = {
  register: `mutation ($handle: String!, $password: String!) {
    register(input: { handle: $handle, displayName: $handle, password: $password }) { ${tokens} } }`,
  login: `mutation ($handle: String!, $password: String!) {
    login(input: { handle: $handle, password: $password, device: { name: "spare", platform: WEB } }) { ${tokens} } }`,
  refresh: `mutation ($refreshToken: String!) {
    refreshSession(input: { refreshToken: $refreshToken }) { accessToken refreshToken } }`,
  revoke: `mutation ($sessionId: ID!) { revokeSession(input: { sessionId: $sessionId }) { me { id } } }`,
  me: '{ me { id } }',
  createGroup: `mutation ($name: String!, $memberIds: [ID!]!) {
    createGroup(input: { name: $name, memberIds: $memberIds }) { conversation { id } } }`,
  openDirect: `mutation ($userId: ID!) { openDirectConversation(input: { userId: $userId }) { conversation { id } } }`,
  send: `mutation ($conversationId: ID!, $key: String!, $text: String!, $quoteSeq: Int) {
    sendMessage(input: { conversationId: $conversationId, clientMessageId: $key, content: { text: $text },
      quoteSeq: $quoteSeq }) { message { id seq version sentAt } } }`,
  edit: `mutation ($messageId: ID!, $text: String!) {
    editMessage(input: { messageId: $messageId, content: { text: $text } }) { message { id seq version } } }`,
  recall: `mutation ($messageId: ID!) { recallMessage(input: { messageId: $messageId }) { message { id seq version } } }`,
  read: `mutation ($conversationId: ID!, $readSeq: Int!) {
    markRead(input: { conversationId: $conversationId, readSeq: $readSeq }) {
      membership { readSeq readCount unreadCount } } }`,
  add: `mutation ($groupId: ID!, $userId: ID!) {
    addGroupMembers(input: { groupId: $groupId, userIds: [$userId] }) { conversation { id maxSeq } } }`,
  remove: `mutation ($groupId: ID!, $userId: ID!) {
    removeGroupMember(input: { groupId: $groupId, userId: $userId }) { conversation { id maxSeq } } }`,
  list: `{ conversations(first: 50) { nodes { ${conversation} } } }`,
  history: `query ($id: ID!) { conversation(id: $id) { ${conversation} messages(last: 30) { nodes { ${message} } } } }`,
  changes: `query ($id: ID!, $after: Int!) { conversation(id: $id) { ${conversation}
    changes(afterVersion: $after, first: 100) { version hasMore messages { ${message} } } } }`,
  search,
  find: search,
  sync: `query ($after: SyncCursor) { sync(after: $after) {
    cursor hasMore removedConversationIds conversations { ${conversation} } } }`,
  inbox: `subscription ($after: SyncCursor) { inbox(after: $after) { __typename cursor
    ... on Checkpoint { caughtUp }
    ... on MessagesChanged { conversationId fromVersion version maxSeq messageCount messages { ${message} } }
    ... on ConversationSignal { conversationId version maxSeq messageCount }
    ... on ConversationChanged { conversation { ${conversation} } }
    ... on ConversationRemoved { conversationId } } }`,
}
