import { errorWith } from './errors.ts'
import {
  type Document,
  type LoginInput,
  type MessageSearchFilter,
  OpenDirectConversation,
  type RegisterInput,
  RenewSession,
  SearchMessages,
  type SearchMessagesQuery,
  SearchPeople,
} from './generated/documents.ts'
import type { Pending } from './outbox/item.ts'
import { createOutbox, type Outbox } from './outbox/outbox.ts'
import type { SendBytes } from './outbox/upload.ts'
import { authorized } from './session/authorized.ts'
import { defaultLock, type Lock } from './session/lock.ts'
import { createProvidedSession, type TokenReason } from './session/provided.ts'
import { createSession, type Session, type SessionState } from './session/session.ts'
import { defaultStorage, type KeyValueStorage } from './session/storage.ts'
import { computed, type Signal, signal } from './signal.ts'
import type { Event, Me, Person } from './store/state.ts'
import { createStore } from './store/store.ts'
import { type Conversation, conversationsOf, unreadTotalOf } from './store/views.ts'
import { createLists, type Lists } from './sync/lists.ts'
import { createPages } from './sync/pages.ts'
import { type Sync, startSync } from './sync/sync.ts'
import type { OpenWebSocket } from './transport/frames.ts'
import { createHttp, type Fetch } from './transport/http.ts'
import { type ConnectionState, createSocket } from './transport/socket.ts'
import { pageWakes, type Wake } from './transport/wake.ts'
import { announceArrivals } from './view/arrivals.ts'
import { type ConversationView, conversationView } from './view/conversation.ts'
import { createEmitter, type Events, type Listener } from './view/emitter.ts'
import { type FriendActions, friendActions } from './view/friends.ts'
import { createMedia, type Media, type MediaView } from './view/media.ts'
import { createPresence, type PresenceById } from './view/presence.ts'
import { createReader, type Reader } from './view/reader.ts'

export interface ParlanceOptions {
  /** Address of the server, such as https://chat.example. */
  url: string
  /** The application's own identity provider; without it, `login` and `register` sign users in. */
  accessToken?: (reason: TokenReason) => Promise<string>
  /** For tokens and unsent messages. Default: `localStorage`, or memory. */
  storage?: KeyValueStorage
  webSocket?: OpenWebSocket
  fetch?: Fetch
  sendBytes?: SendBytes
  lock?: Lock
  wake?: Wake
  /** Begins the names in the storage. */
  name?: string
}

export interface Parlance extends FriendActions, Omit<Lists, 'joinRequests'> {
  readonly session: Signal<SessionState>
  readonly connection: Signal<ConnectionState>
  readonly me: Signal<Me | null>
  readonly conversations: Signal<readonly Conversation[]>
  /** Unread messages in all conversations without doNotDisturb. */
  readonly unreadCount: Signal<number>
  readonly outbox: {
    readonly items: Signal<readonly Pending[]>
    retry(key: string): void
    cancel(key: string): boolean
  }
  register(input: RegisterInput): Promise<void>
  login(input: LoginInput): Promise<void>
  logout(): Promise<void>
  conversation(id: string): ConversationView
  direct(userId: string): Promise<ConversationView>
  search(
    query: string,
    filter?: MessageSearchFilter,
  ): Promise<NonNullable<SearchMessagesQuery['searchMessages']>['nodes']>
  searchPeople(query: string): Promise<readonly Person[]>
  /** Presence by user, while the signal has subscribers. */
  presence(userIds: readonly string[]): Signal<PresenceById>
  /** A media item of a message, with addresses that work. */
  media(media: Media): MediaView
  query<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Promise<Data>
  on<Name extends keyof Events>(name: Name, listener: Listener<Name>): () => void
  close(): void
}

const signedOut = () => errorWith('UNAUTHENTICATED', 'Sign in first.', { reason: 'MISSING' })

export function createParlance(options: ParlanceOptions): Parlance {
  const { url, accessToken, name = 'parlance', webSocket } = options
  const { storage = defaultStorage(), lock = defaultLock(), wake = pageWakes } = options
  const request = createHttp({ url, fetch: options.fetch })
  const own: Session | null = accessToken ? null : createSession({ request, storage, lock, name })
  const session = own ?? createProvidedSession(accessToken as NonNullable<typeof accessToken>)
  const perform = authorized(request, session)
  const store = createStore()
  const emitter = createEmitter()
  const pages = createPages(store, perform)
  const lists = createLists(store, perform, wake)
  const pending = signal<readonly Pending[]>([])
  let socketToken: string | null = null
  let user: { sync: Sync; reader: Reader; stopArrivals: () => void } | null = null
  let outbox: { of: string; box: Outbox } | null = null

  const socket = createSocket({
    ...{ url, webSocket, wake },
    async accessToken() {
      socketToken = await session.accessToken()
      return socketToken
    },
    onRefused: (token) => session.refused(token),
  })

  /** Keeps the socket beyond the token with which it was opened. */
  async function renew(): Promise<void> {
    if (socketToken && (await session.accessToken()) === socketToken) session.refused(socketToken)
    const token = await session.accessToken()
    if (!token) return
    await socket.request(RenewSession, { input: { accessToken: token } })
    socketToken = token
  }

  function onEvent(event: Event): void {
    if (event.__typename === 'SessionExpiring') renew().catch(() => {})
    else if (event.__typename === 'SessionEnded') void session.ended(event.endReason)
    else if (event.__typename === 'ConversationRemoved') emitter.emit('removed', event)
    else if (event.__typename === 'ResyncRequired') emitter.emit('resync', { reason: event.resyncReason })
  }

  const outboxName = (userId: string) => `${name}.outbox.${userId}`

  function openOutbox(userId: string): void {
    if (outbox?.of === userId) return
    closeOutbox()
    const box = createOutbox({
      ...{ perform, storage, lock, wake, name: outboxName(userId), sendBytes: options.sendBytes },
      onSent: (message) => store.apply({ type: 'read', since: store.get().tick, messages: [message] }),
    })
    box.items.subscribe(() => {
      if (outbox?.box === box) pending.set(box.items.get())
    })
    outbox = { of: userId, box }
  }

  function closeOutbox(): void {
    outbox?.box.stop()
    outbox = null
    pending.set([])
  }

  function leave(): void {
    user?.sync.stop()
    user?.reader.stop()
    user?.stopArrivals()
    user = null
    closeOutbox()
    store.clear()
  }

  function follow(): void {
    const state = session.state.get()
    if (state.status === 'starting') return
    const before = user
    leave()
    if (state.status === 'signedOut') {
      if (before) emitter.emit('signedOut', { reason: state.reason })
      return
    }
    const stopArrivals = announceArrivals(store, emitter)
    const sync = startSync({ store, socket, perform, wake, onEvent })
    user = { sync, reader: createReader(store, perform, wake), stopArrivals }
    if (state.userId) openOutbox(state.userId)
    socket.reconnect()
  }

  const stops = [
    session.state.subscribe(follow),
    // With an identity provider the first screen says who the viewer is.
    store.subscribe(() => {
      const { me } = store.get()
      if (me && user) openOutbox(me.user.id)
    }),
    socket.state.subscribe(() => {
      if (socket.state.get() === 'open') outbox?.box.wakeUp()
    }),
  ]
  follow()

  const ownSession = () => {
    if (!own) throw new Error('The identity provider signs users in and out.')
    return own
  }
  const conversation = (id: string) =>
    conversationView(id, {
      ...{ store, socket, perform, pages, lists, wake, pending },
      send(conversationId, content, more) {
        if (!outbox) throw signedOut()
        return outbox.box.send(conversationId, content, more)
      },
      seen: (conversationId, seq) => user?.reader.seen(conversationId, seq),
    })

  return {
    session: session.state,
    connection: socket.state,
    me: computed([store], () => store.get().me),
    conversations: computed([store], () => conversationsOf(store.get())),
    unreadCount: computed([store], () => unreadTotalOf(store.get())),
    outbox: {
      items: pending,
      retry: (key) => outbox?.box.retry(key),
      cancel: (key) => outbox?.box.cancel(key) ?? false,
    },
    register: (input) => ownSession().register(input),
    login: (input) => ownSession().login(input),
    async logout() {
      const userId = outbox?.of
      await ownSession().logout()
      if (userId) await storage.removeItem(outboxName(userId))
    },
    conversation,
    async direct(userId) {
      const { tick } = store.get()
      const { openDirectConversation } = await perform(OpenDirectConversation, { input: { userId } })
      const opened = openDirectConversation?.conversation
      if (!opened) throw errorWith('NOT_FOUND', 'There is no such user.')
      store.apply({ type: 'listed', since: tick, conversations: [opened] })
      return conversation(opened.id)
    },
    async search(query, filter) {
      return (await perform(SearchMessages, { query, filter })).searchMessages?.nodes ?? []
    },
    async searchPeople(query) {
      return (await perform(SearchPeople, { query })).searchUsers.nodes
    },
    friends: lists.friends,
    friendRequests: lists.friendRequests,
    person: lists.person,
    ...friendActions(store, perform),
    presence: createPresence(socket),
    media: createMedia(perform),
    query: perform,
    on: emitter.on,
    close() {
      leave()
      for (const stop of stops) stop()
      socket.close()
    },
  }
}
