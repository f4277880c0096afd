// States of one conversation, c, as the server describes them.

export const message = (seq: number, version: number, plainText: string) => ({
  ...{ __typename: 'Message', id: `m${seq}`, seq, version, plainText },
})

type Message = ReturnType<typeof message>

interface Row {
  id?: string
  title?: string
  unreadCount?: number
  lastMessage?: Message | null
}

export const row = (
  version: number,
  { id = 'c', title = 'weekend', unreadCount = 0, lastMessage = null }: Row = {},
) => ({
  ...{ __typename: 'GroupConversation', id, version, title, lastActivityAt: '2026-01-01T00:00:00.000Z' },
  membership: { __typename: 'Membership', id: `of ${id}`, unreadCount, pinned: false, hidden: false },
  lastMessage,
})

export const screen = (rows: ReturnType<typeof row>[], unreadCount = 0) => ({
  syncCursor: 'cursor 0',
  me: { __typename: 'Me', id: 'me', unreadCount },
  conversations: {
    __typename: 'ConversationConnection',
    edges: rows.map((node) => ({ __typename: 'ConversationEdge', node })),
  },
})

export const page = (version: number, messages: Message[]) => ({
  conversation: {
    ...{ __typename: 'GroupConversation', id: 'c', version },
    messages: {
      __typename: 'MessageConnection',
      edges: messages.map((node) => ({ __typename: 'MessageEdge', node })),
    },
  },
})

export const changes = (version: number, messages: Message[], given: Row & { hasMore?: boolean } = {}) => ({
  conversationChanges: [
    {
      ...{ __typename: 'ConversationChanges', version, hasMore: given.hasMore ?? false },
      ...{ conversation: row(version, given), messages },
    },
  ],
})

export const signal = (version: number, conversationId = 'c') => ({
  ...{ __typename: 'ConversationSignal', conversationId, version },
})

export const sent = (fromVersion: number, version: number, messages: Message[], given: Row = {}) => ({
  ...{ __typename: 'MessagesChanged', fromVersion, version, conversation: row(version, given), messages },
})

export const changed = (version: number, given: Row = {}) => ({
  ...{ __typename: 'ConversationChanged', conversation: row(version, given) },
})

export const removed = (conversationId = 'c') => ({ __typename: 'ConversationRemoved', conversationId })

export const me = (unreadCount: number) => ({
  ...{ __typename: 'MeChanged', me: { __typename: 'Me', id: 'me', unreadCount } },
})
