import { outboxName, startEngine } from './engine/engine.ts'
import { errorWith } from './errors.ts'
import { OpenDirectConversation, SearchMessages, SearchPeople } from './generated/documents.ts'
import { createSender } from './outbox/sender.ts'
import type { Parlance, ParlanceOptions } from './parlance.ts'
import { authorized } from './session/authorized.ts'
import { defaultLock } from './session/lock.ts'
import { createProvidedSession } from './session/provided.ts'
import { createSession, type Session, type SessionState } from './session/session.ts'
import { defaultStorage } from './session/storage.ts'
import { subjectOf } from './session/tokens.ts'
import { computed } from './signal.ts'
import { createStore } from './store/store.ts'
import { conversationsOf, unreadTotalOf } from './store/views.ts'
import { createLists } from './sync/lists.ts'
import { createPages } from './sync/pages.ts'
import { createHub } from './tabs/hub.ts'
import { pageTabs } from './tabs/platform.ts'
import { createHttp } from './transport/http.ts'
import { repeated } from './transport/repeated.ts'
import { createSocket } from './transport/socket.ts'
import { pageWakes } from './transport/wake.ts'
import { announceArrivals } from './view/arrivals.ts'
import { conversationView } from './view/conversation.ts'
import { createEmitter } from './view/emitter.ts'
import { friendActions } from './view/friends.ts'
import { createMedia } from './view/media.ts'
import { createPresence } from './view/presence.ts'
import { createReader, type Reader } from './view/reader.ts'

const userIdOf = (state: SessionState) => (state.status === 'signedIn' ? state.userId : null)
const signedOut = () => errorWith('UNAUTHENTICATED', 'Sign in first.', { reason: 'MISSING' })

export function createParlance(options: ParlanceOptions): Parlance {
  const { url, accessToken, name = 'parlance', webSocket, fallback, saveData } = options
  const { storage = defaultStorage(), lock = defaultLock(), wake = pageWakes } = options
  const request = createHttp({ url, fetch: options.fetch })
  const own: Session | null = accessToken ? null : createSession({ request, storage, lock, name })
  const session = own ?? createProvidedSession(accessToken as NonNullable<typeof accessToken>)
  const perform = authorized(request, session)
  const base = createStore()
  const emitter = createEmitter()
  // A storage of the application's own may not be shared by tabs.
  const tabs = options.tabs !== undefined ? options.tabs : options.storage ? null : pageTabs()
  let user: { reader: Reader; stopArrivals: () => void } | null = null

  const hub = createHub({
    ...{ wake, store: base },
    startEngine: (given) =>
      startEngine({
        ...{ name, session, perform, storage, lock, ...given },
        ...{ sendBytes: options.sendBytes, cache: options.cache, files: options.files },
        openSocket: (more) => createSocket({ url, webSocket, fallback, saveData, ...more }),
        owner: async () => userIdOf(session.state.get()) ?? subjectOf(await session.accessToken()),
      }),
    accepts(viewerId) {
      const state = session.state.get()
      if (state.status !== 'signedIn') return false
      return viewerId === null || state.userId === null || viewerId === state.userId
    },
    onAction(action) {
      if (action.type !== 'event') return
      const { event } = action
      if (event.__typename === 'ConversationRemoved') emitter.emit('removed', event)
      if (event.__typename === 'ResyncRequired') emitter.emit('resync', { reason: event.resyncReason })
    },
    onSettled: (key, outcome) => sender.settled(key, outcome),
    onLeader: () => sender.resend(),
    onSession: (reason) => void reload(reason).catch(() => {}),
  })
  const store = { ...base, apply: hub.apply }
  const socket = { state: hub.connection, subscribe: hub.subscribe }
  const sender = createSender(hub.outbox)
  const pages = createPages(store, perform)
  const lists = createLists(store, perform, wake)

  async function reload(reason: string | null): Promise<void> {
    if (own) await own.reload(reason)
    else if (reason !== null) await session.ended(reason)
  }

  function leave(): void {
    user?.reader.stop()
    user?.stopArrivals()
    user = null
  }

  let before: SessionState = { status: 'starting' }
  function follow(): void {
    const state = session.state.get()
    if (state.status === 'starting') return
    leave()
    if (before.status !== 'starting') {
      sender.forget()
      hub.reset()
      hub.announceSession(state.status === 'signedOut' ? state.reason : null)
    }
    if (state.status === 'signedIn')
      user = { reader: createReader(store, perform, wake), stopArrivals: announceArrivals(store, emitter) }
    else if (before.status === 'signedIn') emitter.emit('signedOut', { reason: state.reason })
    before = state
  }

  // Tokens of an identity provider may differ between tabs, and only those of the same user share a connection.
  const starting = repeated(async () => {
    const subject = subjectOf(await session.accessToken())
    hub.start(subject ? tabs : null, `${name}.${subject}`)
  }, wake)
  const stops = [session.state.subscribe(follow), () => starting.stop(), () => hub.stop()]
  follow()
  if (own || !tabs) hub.start(tabs, name)
  else starting.run()

  const ownSession = () => {
    if (!own) throw new Error('The identity provider signs users in and out.')
    return own
  }
  const viewerId = () => userIdOf(session.state.get()) ?? store.get().me?.user.id
  const conversation = (id: string) =>
    conversationView(id, {
      ...{ store, socket, perform, pages, lists, wake, pending: sender.items },
      send(conversationId, content, more) {
        if (session.state.get().status !== 'signedIn' || !viewerId()) throw signedOut()
        return sender.send(conversationId, content, more)
      },
      seen: (conversationId, seq) => user?.reader.seen(conversationId, seq),
    })

  return {
    session: session.state,
    connection: hub.connection,
    me: computed([store], () => store.get().me),
    conversations: computed([store], () => conversationsOf(store.get())),
    unreadCount: computed([store], () => unreadTotalOf(store.get())),
    outbox: { items: sender.items, retry: sender.retry, cancel: sender.cancel },
    register: (input) => ownSession().register(input),
    login: (input) => ownSession().login(input),
    async logout() {
      const userId = viewerId()
      await ownSession().logout()
      // The engine, which may be in another tab, does the same; without one, nothing else would.
      const key = userId && outboxName(name, userId)
      if (key) await lock(key, async () => storage.removeItem(key))
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
    ...friendActions(perform),
    presence: createPresence(socket),
    media: createMedia(perform),
    query: perform,
    on: emitter.on,
    close() {
      leave()
      for (const stop of stops) stop()
    },
  }
}
