import type { CacheLimits } from './cache/snapshot.ts'
import type {
  Document,
  LoginInput,
  MessageSearchFilter,
  RegisterInput,
  SearchMessagesQuery,
} from './generated/documents.ts'
import type { Pending } from './outbox/item.ts'
import type { SendBytes } from './outbox/upload.ts'
import type { Lock } from './session/lock.ts'
import type { TokenReason } from './session/provided.ts'
import type { Records } from './session/records.ts'
import type { SessionState } from './session/session.ts'
import type { KeyValueStorage } from './session/storage.ts'
import type { Signal } from './signal.ts'
import type { Me, Person } from './store/state.ts'
import type { Conversation } from './store/views.ts'
import type { Lists } from './sync/lists.ts'
import type { Tabs } from './tabs/platform.ts'
import type { OpenWebSocket } from './transport/frames.ts'
import type { Fetch } from './transport/http.ts'
import type { ConnectionState } from './transport/socket.ts'
import type { Wake } from './transport/wake.ts'
import type { ConversationView } from './view/conversation.ts'
import type { Events, Listener } from './view/emitter.ts'
import type { FriendActions } from './view/friends.ts'
import type { Media, MediaView } from './view/media.ts'
import type { PresenceById } from './view/presence.ts'

export interface ParlanceOptions {
  /** Address of the server, such as https://chat.example. */
  url: string
  /** The application's own identity provider; without it, `login` and `register` sign users in. */
  accessToken?: (reason: TokenReason) => Promise<string>
  /** For tokens and unsent messages. Default: `localStorage`, or memory. */
  storage?: KeyValueStorage
  webSocket?: OpenWebSocket
  /** For networks that refuse WebSockets: `eventStreams` of `@parlance/client/sse`. */
  fallback?: OpenWebSocket
  /** Events take about a sixth of the bytes, for more processor time of both sides. Default: the choice of the user in the browser. */
  saveData?: boolean
  fetch?: Fetch
  sendBytes?: SendBytes
  lock?: Lock
  wake?: Wake
  /** Keeps the latest conversations on the device, to paint from before the server answers. Default: nothing is kept. */
  cache?: CacheLimits & { records?: Records }
  /** Where files wait for their upload. Default: IndexedDB. */
  files?: Records
  /** What tabs share. Default: that of the page, unless a storage is given; null for a connection in each tab. */
  tabs?: Tabs | null
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
