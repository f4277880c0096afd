import type {
  BubblePartsFragment,
  FirstScreenQuery,
  LiveScreenSubscription,
  OpenConversationQuery,
} from '../generated/graphql.ts'
import type { Changes, Progress } from './progress.ts'

// Places new objects in lists, which a normalised cache cannot do; it updates known objects by id.

export interface Lists {
  changeScreen(change: (screen: FirstScreenQuery) => FirstScreenQuery): void
  changeHistory(id: string, change: (open: OpenConversationQuery) => OpenConversationQuery): void
}

/**
 * Opens a conversation. Events that arrive before its page have no list yet; the page is then older than
 * the events, and is requested again.
 */
export async function openCurrent(
  progress: Progress,
  id: string,
  load: () => Promise<OpenConversationQuery | undefined>,
): Promise<void> {
  for (;;) {
    const open = await load()
    if (!open?.conversation) return
    const { version } = open.conversation
    if (version >= progress.deliveredVersion(id)) return progress.holds(id, version)
  }
}

/** Places the objects of an event in their lists. */
export function place(lists: Lists, event: LiveScreenSubscription['inbox']): void {
  if (event.__typename === 'MessagesChanged') {
    lists.changeHistory(event.conversation.id, (open) => withBubbles(open, event.messages))
  } else if (event.__typename === 'ConversationChanged') {
    lists.changeScreen((screen) => withRow(screen, event.conversation))
  } else if (event.__typename === 'ConversationRemoved') {
    lists.changeScreen((screen) => withoutRow(screen, event.conversationId))
    lists.changeHistory(event.conversationId, (open) => ({ ...open, conversation: null }))
  }
}

/** Places pulled changes in their lists. */
export function placeChanges(lists: Lists, { conversation, messages }: Changes): void {
  lists.changeHistory(conversation.id, (open) => withBubbles(open, messages))
}

function withRow(
  screen: FirstScreenQuery,
  node: FirstScreenQuery['conversations']['edges'][number]['node'],
): FirstScreenQuery {
  const { edges } = screen.conversations
  if (edges.some((edge) => edge.node.id === node.id)) return screen
  const edge = { __typename: 'ConversationEdge' as const, node }
  return { ...screen, conversations: { ...screen.conversations, edges: [...edges, edge] } }
}

function withoutRow(screen: FirstScreenQuery, id: string): FirstScreenQuery {
  const edges = screen.conversations.edges.filter(({ node }) => node.id !== id)
  return { ...screen, conversations: { ...screen.conversations, edges } }
}

/** Adds messages in order. An optimistic bubble is replaced by its echo, which has the same key. */
export function withBubbles(
  open: OpenConversationQuery,
  bubbles: readonly BubblePartsFragment[],
): OpenConversationQuery {
  const { conversation } = open
  if (!conversation) return open
  const byKey = new Map(conversation.messages.edges.map((edge) => [keyOf(edge.node), edge]))
  for (const node of bubbles) {
    const known = byKey.get(keyOf(node))
    const edge = { __typename: 'MessageEdge' as const, node }
    if (!known || isUnsent(known.node)) byKey.set(keyOf(node), edge)
  }
  const edges = [...byKey.values()].sort((a, b) => a.node.seq - b.node.seq)
  return { ...open, conversation: { ...conversation, messages: { ...conversation.messages, edges } } }
}

const keyOf = ({ id, clientMessageId }: BubblePartsFragment) => clientMessageId ?? id

const unsentId = (clientMessageId: string) => `unsent ${clientMessageId}`

const isUnsent = ({ id, clientMessageId }: BubblePartsFragment) => id === unsentId(clientMessageId ?? '')

/** An optimistic message, shown until the server responds. */
export function unsent(given: {
  conversationId: string
  clientMessageId: string
  text: string
  sender: { id: string; name: string }
}) {
  const { conversationId, clientMessageId, text, sender } = given
  return {
    __typename: 'Message' as const,
    id: unsentId(clientMessageId),
    conversationId,
    clientMessageId,
    seq: Number.MAX_SAFE_INTEGER,
    version: 0,
    plainText: text,
    content: { __typename: 'TextContent' as const, plainText: text },
    sender: { __typename: 'User' as const, id: sender.id, displayName: sender.name },
    quote: null,
    sentAt: new Date().toISOString(),
    editedAt: null,
    recalledAt: null,
  }
}
