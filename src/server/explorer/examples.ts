/** What a new visitor finds in the explorer, tab by tab: enough to let two people chat. */
export interface Example {
  query: string
  variables?: object
}

export const examples: Example[] = [
  {
    // The explorer leaves the variables of its first tab empty.
    query: `# 1. Two people sign up: run this, then again for bob.
# Keep both access tokens. The other tabs need one of
# them in their Headers pane, below.
mutation Register {
  register(input: {
    handle: "alice"
    displayName: "Alice"
    password: "correct horse battery"
  }) {
    accessToken
    user { id handle displayName }
  }
}

# Whoever is known already signs in.
mutation Login {
  login(input: {
    handle: "alice"
    password: "correct horse battery"
  }) {
    accessToken
    user { id handle }
  }
}
`,
  },
  {
    query: `# 2. With alice's token: find bob, and ask to be friends.
query FindPeople {
  searchUsers(query: "bob", first: 5) {
    edges { node { id handle displayName } }
  }
}

mutation RequestFriend($userId: ID!) {
  requestFriend(userId: $userId, note: "It is me.") {
    id
    status
    to { handle }
  }
}
`,
    variables: { userId: '<bob’s id>' },
  },
  {
    query: `# 3. With bob's token: see who asks, and accept.
# That opens the conversation: keep its id.
query WhoAsks {
  friendRequests(first: 5) {
    edges { node { id note from { handle } } }
  }
}

mutation AcceptFriend($requestId: ID!) {
  acceptFriendRequest(id: $requestId) {
    status
    friendship { conversation { id } }
  }
}
`,
    variables: { requestId: '<the request’s id>' },
  },
  {
    query: `# 4. With bob's token: keep this running, and watch
# what alice does arrive.
subscription Inbox {
  inbox {
    __typename
    cursor
    ... on MessagesChanged {
      conversationId
      version
      messages { seq senderName plainText recalledAt }
    }
    ... on ConversationChanged {
      conversation { id title membership { unreadCount } }
    }
    ... on FriendRequestChanged {
      friendRequest { status from { handle } }
    }
    ... on Checkpoint { caughtUp }
  }
}
`,
  },
  {
    query: `# 5. With alice's token: send. A retry with the same
# clientMessageId gives the same message, never another.
mutation SendMessage($to: ID!, $key: String!, $text: String!) {
  sendMessage(input: {
    conversationId: $to
    clientMessageId: $key
    content: { text: $text }
  }) {
    id
    seq
    sentAt
  }
}

query History($to: ID!) {
  conversation(id: $to) {
    title
    messages(last: 20) {
      edges { node { seq senderName plainText sentAt } }
    }
  }
}
`,
    variables: { to: '<the conversation’s id>', key: 'hello-1', text: 'Hello, Bob. 你好！' },
  },
  {
    query: `# 6. What an app asks for when it starts. It then opens
# inbox(after: syncCursor), and misses nothing between.
query FirstScreen {
  syncCursor
  me { id unreadCount pendingFriendRequestCount }
  conversations(first: 20) {
    edges {
      node {
        id
        title
        maxSeq
        membership { unreadCount pinned }
        lastMessage { seq senderName plainText sentAt }
      }
    }
  }
}
`,
  },
]
