import {
  AddReaction,
  type AddReactionInput,
  type Document,
  type EditContentInput,
  EditMessage,
  type MessageContentInput,
  RecallMessage,
  RemoveReaction,
  SendTyping,
} from '../generated/documents.ts'
import type { Pending, Upload } from '../outbox/item.ts'
import type { Sending } from '../outbox/sender.ts'
import { computed, type Signal, signal, whileRead } from '../signal.ts'
import type { JoinRequest, Message, OwnMessage, Person, Position } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import { type Conversation, conversationOf, type History, historyOf, receiptsOf } from '../store/views.ts'
import type { Lists } from '../sync/lists.ts'
import type { Pages } from '../sync/pages.ts'
import type { Perform } from '../transport/perform.ts'
import { repeated } from '../transport/repeated.ts'
import type { Socket } from '../transport/socket.ts'
import type { Wake } from '../transport/wake.ts'
import { type MemberList, memberViews } from './members.ts'
import { typingIn } from './typing.ts'

/** A text, other content, or a file. */
export type Content = string | MessageContentInput | Upload

/** The messages on screen, then those that are not sent yet. Subscribing loads the newest ones. */
export interface Messages extends Signal<History & { readonly pending: readonly Pending[] }> {
  older(): Promise<void>
  newer(): Promise<void>
  /** Jumps to a message, such as a quote or a search hit. */
  around(seq: number): Promise<void>
  /** Returns to the newest messages. */
  latest(): void
}

export interface ConversationView {
  readonly id: string
  /** null while it is not loaded, and after the viewer left. */
  readonly state: Signal<Conversation | null>
  readonly messages: Messages
  readonly typing: Signal<readonly Person[]>
  /** Read positions of the others, by user. Large groups have none. */
  readonly receipts: Signal<Readonly<Record<string, Position>>>
  /** The members of a group, while the signal has subscribers. */
  readonly members: MemberList
  /** Pending requests to join a group, for its owner and admins. */
  readonly joinRequests: Signal<readonly JoinRequest[]>
  send(content: Content, more?: { quoteSeq?: number }): Sending
  edit(message: { id: string }, content: string | EditContentInput): Promise<void>
  recall(message: { id: string }): Promise<void>
  /** Adds the viewer's reaction, or removes it if there is one. */
  react(message: Pick<Message, 'id' | 'seq'>, emoji: string): Promise<void>
  /** The viewer types: call it at each key. */
  typed(): void
  /** The viewer has seen everything up to a message; by default all. */
  seen(seq?: number): void
}

export interface ViewOptions {
  store: Store
  socket: Pick<Socket, 'subscribe' | 'state'>
  perform: Perform
  pages: Pages
  lists: Lists
  wake: Wake
  pending: Signal<readonly Pending[]>
  send(conversationId: string, content: MessageContentInput | Upload, more?: { quoteSeq?: number }): Sending
  seen(conversationId: string, seq: number): void
}

type Changed = Readonly<Record<string, { readonly message: OwnMessage } | null | undefined>>

const typingPauseMs = 3_000
const nothing: History = { items: [], hasOlder: false, hasNewer: false }
const noReceipts = {}

const contentOf = <Given>(content: string | Given) =>
  typeof content === 'string' ? { text: content } : content

export function conversationView(id: string, options: ViewOptions): ConversationView {
  const { store, perform, pages, pending } = options
  const anchor = signal<number | null>(null)
  const entry = computed([store], () => store.get().entries[id] ?? null)
  const history = computed([entry, anchor, pending], () => {
    const held = entry.get()
    const shown = held ? historyOf(held, anchor.get()) : nothing
    return { ...shown, pending: pending.get().filter(({ conversationId }) => conversationId === id) }
  })
  const receipts = computed([entry], () => {
    const held = entry.get()
    return held ? receiptsOf(held) : noReceipts
  })
  const { wake, socket } = options
  const { members, followPositions } = memberViews(id, { store, perform, wake, connection: socket.state })
  let lastTyped = 0

  /** Performs a mutation whose answer is the changed message. */
  async function change<Input>(document: Document<Changed, { input: Input }>, input: Input): Promise<void> {
    const { tick } = store.get()
    const [payload] = Object.values(await perform(document, { input }))
    if (payload) store.apply({ type: 'read', since: tick, messages: [payload.message] })
  }

  function subscribe(listener: () => void): () => void {
    const loading = repeated(
      () => (anchor.get() === null ? pages.newest(id) : Promise.resolve()),
      options.wake,
    )
    // After a resync, or when the viewer joined again, the page is missing once more.
    const stops = [history.subscribe(listener), entry.subscribe(() => loading.run())]
    loading.run()
    return () => {
      loading.stop()
      for (const stop of stops) stop()
    }
  }

  return {
    id,
    state: computed([store], () => {
      const held = entry.get()
      return held && conversationOf(store.get(), held)
    }),
    messages: {
      get: history.get,
      subscribe,
      older: () => pages.older(id, anchor.get()),
      async newer() {
        const seq = anchor.get()
        if (seq !== null) await pages.newer(id, seq)
      },
      async around(seq) {
        await pages.around(id, seq)
        anchor.set(seq)
      },
      latest: () => anchor.set(null),
    },
    typing: typingIn(options.socket, id),
    receipts: whileRead(receipts, followPositions),
    members,
    joinRequests: options.lists.joinRequests(id),
    send: (content, more) => options.send(id, contentOf(content), more),
    edit: (message, content) => change(EditMessage, { messageId: message.id, content: contentOf(content) }),
    recall: (message) => change(RecallMessage, { messageId: message.id }),
    react({ id: messageId, seq }, emoji) {
      const held = entry.get()?.messages.find((message) => message.seq === seq)
      const mine = held?.reactions.some((reaction) => reaction.emoji === emoji && reaction.reactedByMe)
      return change<AddReactionInput>(mine ? RemoveReaction : AddReaction, { messageId, emoji })
    },
    typed() {
      const now = Date.now()
      if (Math.abs(now - lastTyped) < typingPauseMs) return
      lastTyped = now
      perform(SendTyping, { input: { conversationId: id, typing: true } }).catch(() => {})
    },
    seen(seq) {
      const upTo = seq ?? entry.get()?.row.maxSeq
      if (upTo) options.seen(id, upTo)
    },
  }
}
