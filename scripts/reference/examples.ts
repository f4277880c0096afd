/** An operation that the reference shows. Values in capitals stand for those of the reader. */
export interface Example {
  /** The root field that it explains. */
  field: string
  operation: string
  variables: Record<string, unknown>
  /** Whether it needs no access token. */
  anonymous?: boolean
}

export const examples: Example[] = [
  {
    field: 'register',
    anonymous: true,
    operation: `mutation Register($input: RegisterInput!) {
  register(input: $input) {
    accessToken
    accessTokenExpiresInSeconds
    refreshToken
    user { id handle }
  }
}`,
    variables: {
      input: {
        handle: 'alice.b',
        displayName: 'Alice',
        password: 'correct horse battery',
        device: { name: 'Browser', platform: 'WEB' },
      },
    },
  },
  {
    field: 'login',
    anonymous: true,
    operation: `mutation Login($input: LoginInput!) {
  login(input: $input) {
    accessToken
    accessTokenExpiresInSeconds
    refreshToken
  }
}`,
    variables: {
      input: {
        handle: 'alice.b',
        password: 'correct horse battery',
        device: { name: 'Browser', platform: 'WEB' },
      },
    },
  },
  {
    field: 'conversations',
    operation: `query FirstScreen {
  syncCursor
  me { unreadCount }
  conversations(first: 20) {
    nodes {
      id
      title
      membership { unreadCount pinned }
      lastMessage { plainText sentAt sender { displayName } }
    }
    pageInfo { endCursor hasNextPage }
  }
}`,
    variables: {},
  },
  {
    field: 'conversation',
    operation: `query History($id: ID!, $before: String) {
  conversation(id: $id) {
    messages(last: 50, before: $before) {
      nodes { id seq plainText sentAt sender { displayName } }
      pageInfo { startCursor hasPreviousPage }
    }
  }
}`,
    variables: { id: 'CONVERSATION_ID', before: null },
  },
  {
    field: 'searchMessages',
    operation: `query Search($query: String!) {
  searchMessages(query: $query, first: 20) {
    nodes {
      message { id seq plainText }
      conversation { id title }
      highlights { snippet ranges { start length } }
    }
  }
}`,
    variables: { query: 'lunch' },
  },
  {
    field: 'sync',
    operation: `query CatchUp($after: SyncCursor) {
  sync(after: $after) {
    cursor
    hasMore
    conversations { id version }
    removedConversationIds
  }
}`,
    variables: { after: null },
  },
  {
    field: 'sendMessage',
    operation: `mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message { id seq sentAt }
  }
}`,
    variables: {
      input: {
        conversationId: 'CONVERSATION_ID',
        clientMessageId: '1f0e9c5a-7d4e-4c1b-9a51-6f1d1f6f2f10',
        content: { text: 'Lunch at noon?' },
      },
    },
  },
  {
    field: 'editMessage',
    operation: `mutation Edit($input: EditMessageInput!) {
  editMessage(input: $input) {
    message { id version plainText editedAt }
  }
}`,
    variables: { input: { messageId: 'MESSAGE_ID', content: { text: 'Lunch at one?' } } },
  },
  {
    field: 'markRead',
    operation: `mutation Read($input: MarkReadInput!) {
  markRead(input: $input) {
    membership { id readSeq unreadCount }
    me { id unreadCount }
  }
}`,
    variables: { input: { conversationId: 'CONVERSATION_ID', readSeq: 2 } },
  },
  {
    field: 'requestFriend',
    operation: `mutation RequestFriend($input: RequestFriendInput!) {
  requestFriend(input: $input) {
    friendRequest { id status }
  }
}`,
    variables: { input: { userId: 'USER_ID', note: 'We met at the conference.' } },
  },
  {
    field: 'createGroup',
    operation: `mutation CreateGroup($input: CreateGroupInput!) {
  createGroup(input: $input) {
    conversation { id name memberCount }
  }
}`,
    variables: { input: { name: 'Lunch', memberIds: ['USER_ID'], joinPolicy: 'APPROVAL' } },
  },
  {
    field: 'createUpload',
    operation: `mutation Upload($input: CreateUploadInput!) {
  createUpload(input: $input) {
    ticket { method url headers { name value } media { id } }
  }
}`,
    variables: { input: { filename: 'menu.png', mimeType: 'image/png', byteSize: 48213 } },
  },
  {
    field: 'inbox',
    operation: `subscription Inbox($after: SyncCursor) {
  inbox(after: $after) {
    __typename
    cursor
    ... on MessagesChanged {
      conversation { id version }
      messages { id seq version plainText }
    }
  }
}`,
    variables: { after: null },
  },
]
