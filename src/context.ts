import type pg from 'pg'
import type { Logger } from 'pino'
import type { Avatars } from './account/avatar.ts'
import type { FindAudience, ForgetUser, NoteAccount } from './account/others.ts'
import type { Passwords } from './auth/password/hashing.ts'
import type { IdentityProvider } from './auth/provider/provider.ts'
import type { SessionCache, SessionEndReason } from './auth/session/cache.ts'
import type { NoteSignIn } from './auth/session/start.ts'
import type { Tokens } from './auth/tokens.ts'
import type { Config } from './config.ts'
import { refuse } from './errors.ts'
import type { NoteDeparture } from './group/membership/departures.ts'
import type { InboxHub } from './inbox/hub/hub.ts'
import type { Media } from './media/media.ts'
import type { MediaHolders } from './media/processing/finish.ts'
import type { MayReadMedia } from './media/store.ts'
import type { MessageKinds } from './message/content/custom-kinds.ts'
import type { ForgetMessage } from './message/edit/erase.ts'
import type { NoteRead } from './message/history/mark-read.ts'
import type { SendLimits } from './message/send/limits.ts'
import type { HookedSends } from './message/send/moderated.ts'
import type { SendQueue } from './message/send/queue.ts'
import type { NoteSuspicion } from './message/send/spam-report.ts'
import type { Push } from './notification/push.ts'
import type { Bus, Unsubscribe } from './platform/bus/bus.ts'
import type { PrismaClient } from './platform/db/generated/client.ts'
import type { Sql } from './platform/db/sql.ts'
import type { Metrics } from './platform/metrics.ts'
import type { RateLimits } from './platform/rate-limit/rate-limits.ts'
import type { PresenceHub } from './presence/hub.ts'
import type { TypingHub } from './presence/typing/hub.ts'
import type { SearchIndex } from './search/engine.ts'
import type { IndexWorker } from './search/indexing/worker.ts'

/** The parts of one server process, built once in app.ts. */
export interface Services {
  config: Config
  log: Logger
  metrics: Metrics
  db: PrismaClient
  pool: pg.Pool
  sql: Sql
  bus: Bus
  passwords: Passwords
  tokens: Tokens
  /** The team's own identity provider; null when there is none. */
  provider: IdentityProvider | null
  sessions: SessionCache
  media: Media
  rateLimits: RateLimits
  sendLimits: SendLimits
  /** What sends go through first, where the operator wants to be asked; null where not. */
  hookedSends: HookedSends | null
  /** What later slices know of the messages that hold a media. */
  mediaHolders: MediaHolders
  /** What makes an image the picture of a person or a group. */
  avatars: Avatars
  /** The application's own kinds of message. */
  messageKinds: MessageKinds
  sendQueue: SendQueue
  inbox: InboxHub
  search: SearchIndex
  indexing: IndexWorker
  push: Push
  presence: PresenceHub
  typing: TypingHub
  /** Somebody has sent a message, which ends that they type. */
  endTyping: (userId: string, conversationId: string) => void
  /** Who hears of what people seldom do. */
  suspicionNotices: readonly NoteSuspicion[]
  /** What stands between these people and others has changed: friendship, a block, a group. */
  relationsChanged: (userIds: readonly string[]) => void
  /** Something was marked for fan-out: look now rather than at the next tick. */
  wakeDelivery: () => void
  /** Who hears of a new account. */
  registrationNotices: readonly NoteAccount[]
  /** What ends with an account, in the order of its locks. */
  forgetUser: readonly ForgetUser[]
  /** Who sees a person, by everything that is known of them. */
  audiences: readonly FindAudience[]
  /** Who hears when somebody signs in on a device that is new to them. */
  signInNotices: readonly NoteSignIn[]
  /** Who hears when people are out of a group. */
  departureNotices: readonly NoteDeparture[]
  /** Who hears when somebody has read on. */
  readNotices: readonly NoteRead[]
  /** Who may read a media beside its owner and those who may read a message that holds it. */
  mediaReaders: readonly MayReadMedia[]
  /** What ends with the content of a message. */
  forgetMessage: readonly ForgetMessage[]
}

/** Who is asking: a person on a signed-in device. */
export interface Viewer {
  userId: string
  sessionId: string
}

/** Something about the session itself that the streams of a socket tell their client. */
export type SessionNotice = { type: 'EXPIRING'; at: Date } | { type: 'ENDED'; reason: SessionEndReason }

/** The socket an operation came in on. */
export interface SocketSession {
  /** The socket belongs to this viewer from now on, until the access token expires. */
  signIn(viewer: Viewer, accessTokenExpiresAt: Date): void
  onNotice(listener: (notice: SessionNotice) => void): Unsubscribe
  /** Its client does not answer any more: it is closed, and may come back. */
  giveUp(): void
}

/** One execution whose result goes to many viewers: it notes the oldest message that it shows. */
export interface SharedExecution {
  lowestSeq: number
}

/** What an operation is given. */
export interface Context extends Services {
  viewer: Viewer | null
  /** Set when nobody in particular is asking. */
  shared: SharedExecution | null
  requestId: string
  /** Where the client reaches this server, such as https://chat.example. */
  origin: string
  /** What limits count the address by that the request comes from; null for this machine itself. */
  viewerAddress: string | null
  socket: SocketSession | null
  /** The version of the schema that the client was made for; null when it knows all of this one. */
  schemaVersion: number | null
  loaders: Map<unknown, unknown>
}

export function createContext(
  services: Services,
  request: {
    viewer: Viewer | null
    requestId: string
    origin: string
    viewerAddress?: string | null
    socket?: SocketSession | null
    schemaVersion?: number | null
    shared?: SharedExecution
  },
): Context {
  // The services are looked up through the prototype: copying two dozen for every operation costs a tenth of a send.
  const own = {
    socket: null,
    shared: null,
    viewerAddress: null,
    schemaVersion: null,
    ...request,
    loaders: new Map(),
  }
  return Object.assign(Object.create(services) as Services, own)
}

export function requireViewer(ctx: Context): Viewer {
  if (!ctx.viewer) throw refuse('UNAUTHENTICATED', 'Sign in first.')
  return ctx.viewer
}
