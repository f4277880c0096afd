/** What a new visitor finds in the explorer, tab by tab: enough to let two people chat. */
export interface Example {
  query: string
  variables?: object
}

export const examples: Example[] = [
  {
    query: `# 1. Two people sign up. Run this, then again for bob, and keep both access tokens.
# Then write a token into the Headers pane below, as the other tabs show.
mutation Register($handle: String!, $name: String!) {
  register(input: { handle: $handle, displayName: $name, password: "correct horse battery" }) {
    accessToken
    user { id handle displayName }
  }
}

# Whoever is known already signs in.
mutation Login($handle: String!) {
  login(input: { handle: $handle, password: "correct horse battery" }) {
    accessToken
    user { id handle }
  }
}
`,
    variables: { handle: 'alice', name: 'Alice' },
  },
  {
    query: `# 2. Who am I, and what do I have? Needs a token in the Headers pane.
query FirstScreen {
  syncCursor
  me { id user { handle displayName } unreadCount pendingFriendRequestCount }
  conversations(first: 20) {
    edges {
      node {
        id
        title
        maxSeq
        membership { unreadCount }
        lastMessage { seq senderName plainText sentAt }
      }
    }
  }
}
`,
  },
  {
    query: `# 3. With alice's token: find bob and ask to be friends.
query FindPeople {
  searchUsers(query: "bob", first: 5) { edges { node { id handle displayName } } }
}

mutation RequestFriend($userId: ID!) {
  requestFriend(userId: $userId, note: "Hello, it is me.") { id status to { handle } }
}

# With bob's token: see who asks, and accept. That opens the conversation.
query WhoAsks {
  friendRequests(first: 5) { edges { node { id note from { id handle } } } }
}

mutation AcceptFriend($requestId: ID!) {
  acceptFriendRequest(id: $requestId) { status friendship { conversation { id } } }
}
`,
    variables: { userId: '', requestId: '' },
  },
  {
    query: `# 4. With bob's token: keep this running, and watch what alice does arrive.
subscription Inbox {
  inbox {
    __typename
    cursor
    ... on MessagesChanged {
      conversationId
      version
      messages { seq senderName plainText recalledAt }
    }
    ... on ConversationChanged { conversation { id title membership { unreadCount } } }
    ... on FriendRequestChanged { friendRequest { status from { handle } } }
    ... on Checkpoint { caughtUp }
  }
}
`,
  },
  {
    query: `# 5. With alice's token: send. The same clientMessageId again gives the same message, never a second one.
mutation SendMessage($conversationId: ID!, $clientMessageId: String!, $text: String!) {
  sendMessage(
    input: { conversationId: $conversationId, clientMessageId: $clientMessageId, content: { text: $text } }
  ) {
    id
    seq
    sentAt
  }
}

query History($conversationId: ID!) {
  conversation(id: $conversationId) {
    messages(last: 20) { edges { node { seq senderName plainText sentAt } } }
  }
}
`,
    variables: { conversationId: '', clientMessageId: 'hello-1', text: 'Hello, Bob. 你好！' },
  },
]
