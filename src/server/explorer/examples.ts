/** The tabs of the explorer for a new visitor, enough for two users to chat. */
export interface Example {
  query: string
  variables?: object
  /** Handle of the user whose token the tab uses. */
  as?: string
}

export const examples: Example[] = [
  {
    // GraphiQL leaves the variables of its first tab empty.
    query: `# 1. Two people sign up: run Register, then again
# with "bob" and "Bob". The page keeps the tokens:
# <alice> in the headers is replaced by her token.
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

# A user who exists already signs in.
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
    as: 'alice',
  },
  {
    query: `# 2. As alice: find bob, and ask to be friends.
query FindPeople {
  searchUsers(query: "bob", first: 5) {
    edges { node { id handle displayName } }
  }
}

mutation RequestFriend($userId: ID!) {
  requestFriend(input: { userId: $userId, note: "It is me." }) {
    friendRequest { id status }
    user { handle }
  }
}
`,
    variables: { userId: 'bobs_id' },
    as: 'alice',
  },
  {
    query: `# 3. As bob: see who asks, and accept.
# That opens the conversation: keep its id.
query WhoAsks {
  friendRequests(first: 5) {
    edges { node { id note from { handle } } }
  }
}

mutation AcceptFriend($requestId: ID!) {
  acceptFriendRequest(input: { friendRequestId: $requestId }) {
    friendRequest { status }
    conversation { id }
  }
}
`,
    variables: { requestId: 'the_requests_id' },
    as: 'bob',
  },
  {
    query: `# 4. As bob, in a second window: leave this open
# and see what alice does arrive. (In one window
# it stops when you go to another tab.)
subscription Inbox {
  inbox {
    __typename
    cursor
    ... on MessagesChanged {
      conversationId
      version
      messages { seq senderName plainText }
    }
    ... on ConversationChanged {
      conversation {
        title
        membership { unreadCount }
      }
    }
    ... on FriendRequestChanged {
      friendRequest { status from { handle } }
    }
    ... on Checkpoint { caughtUp }
  }
}
`,
    as: 'bob',
  },
  {
    query: `# 5. As alice: send. Sent again with the same key
# it is the same message, never a second one.
mutation SendMessage(
  $to: ID!
  $key: String!
  $text: String!
) {
  sendMessage(input: {
    conversationId: $to
    clientMessageId: $key
    content: { text: $text }
  }) {
    message { id seq sentAt }
  }
}

query History($to: ID!) {
  conversation(id: $to) {
    title
    messages(last: 20) {
      edges {
        node { seq senderName plainText sentAt }
      }
    }
  }
}
`,
    variables: { to: 'the_conversations_id', key: 'hello-1', text: 'Hello, Bob. 你好！' },
    as: 'alice',
  },
  {
    query: `# 6. What an app asks for when it starts. Then it
# opens inbox(after: syncCursor), with no gap.
query FirstScreen {
  syncCursor
  me { user { id } unreadCount pendingFriendRequestCount }
  conversations(first: 20) {
    edges {
      node {
        id
        title
        maxSeq
        membership { unreadCount pinned }
        lastMessage { seq senderName plainText }
      }
    }
  }
}
`,
    as: 'bob',
  },
  {
    query: `# 7. Search: by words, by a filter alone, and by title.
query Find($words: String!) {
  words: searchMessages(query: $words, order: NEWEST_FIRST) {
    nodes { message { seq plainText } highlights { snippet } }
  }
  pictures: searchMessages(filter: { kinds: [IMAGE, VIDEO] }) {
    nodes { message { seq plainText sentAt } }
  }
  mentions: searchMessages(filter: { mentionsViewer: true }) {
    nodes { message { seq plainText } }
  }
  conversations(filter: { title: "alice" }) {
    nodes { id title }
  }
}
`,
    variables: { words: 'hello' },
    as: 'bob',
  },
]
