import {
  FindMessages,
  type FindMessagesQuery,
  ForwardMessages,
  type ForwardMode,
  MessageReactors,
  MessageReaders,
  MessageRevisions,
  type MessageRevisionsQuery,
  type MessageSearchFilter,
  type MessageSearchOrder,
  PinMessage,
  PinnedMessages,
  type PinnedMessagesQuery,
  UnpinMessage,
} from '../generated/documents.ts'
import type { Person } from '../store/state.ts'
import type { Perform } from '../transport/perform.ts'
import { randomId } from '../transport/random-id.ts'

export type PinnedMessage = NonNullable<PinnedMessagesQuery['conversation']>['pinnedMessages'][number]
export type Revision = NonNullable<MessageRevisionsQuery['message']>['revisions'][number]
export type FoundPage = NonNullable<FindMessagesQuery['searchMessages']>
export type Found = FoundPage['nodes'][number]

export interface Reactors {
  readonly emoji: string
  /** The first fifty. */
  readonly users: readonly Person[]
}

export interface Forward {
  sourceConversationId: string
  seqs: readonly number[]
  mode: ForwardMode
  /** Ids of conversations. All receive the forward or none. */
  targets: readonly string[]
}

export interface MessageActions {
  pin(messageId: string): Promise<void>
  unpin(messageId: string): Promise<void>
  /** Newest pin first. */
  pinned(conversationId: string): Promise<readonly PinnedMessage[]>
  /** A function that forwards; calling it again after a failure forwards at most once. */
  forwarding(forward: Forward): () => Promise<void>
  readers(messageId: string): Promise<readonly Person[]>
  reactors(messageId: string): Promise<readonly Reactors[]>
  /** The texts before each edit, oldest first. */
  revisions(messageId: string): Promise<readonly Revision[]>
  /** Without a query, the messages that pass the filter. */
  find(given: {
    query?: string
    filter?: MessageSearchFilter
    order?: MessageSearchOrder
    after?: string | null
  }): Promise<FoundPage>
}

const noPage: FoundPage = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }

/** What a user does with messages besides writing them. Changes reach the signals of the client by themselves. */
export function messagesOf({ query }: { query: Perform }): MessageActions {
  return {
    async pin(messageId) {
      await query(PinMessage, { input: { messageId } })
    },
    async unpin(messageId) {
      await query(UnpinMessage, { input: { messageId } })
    },
    pinned: async (id) => (await query(PinnedMessages, { id })).conversation?.pinnedMessages ?? [],
    forwarding({ targets, ...forward }) {
      const keyed = targets.map((conversationId) => ({ conversationId, clientMessageId: randomId() }))
      return async () => {
        await query(ForwardMessages, { input: { ...forward, targets: keyed } })
      }
    },
    async readers(id) {
      const all: Person[] = []
      let after: string | null = null
      do {
        const { message }: { message: Readers | null } = await query(MessageReaders, { id, after })
        all.push(...(message?.readBy.nodes ?? []))
        after = message?.readBy.pageInfo.hasNextPage ? message.readBy.pageInfo.endCursor : null
      } while (after)
      return all
    },
    async reactors(id) {
      const reactions = (await query(MessageReactors, { id })).message?.reactions ?? []
      return reactions.map(({ emoji, users }) => ({ emoji, users: users.nodes }))
    },
    revisions: async (id) => (await query(MessageRevisions, { id })).message?.revisions ?? [],
    find: async (given) => (await query(FindMessages, given)).searchMessages ?? noPage,
  }
}

interface Readers {
  readonly readBy: {
    readonly nodes: readonly Person[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}
