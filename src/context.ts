import type pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { unauthenticated } from './errors.ts'
import type { Bus } from './platform/bus/bus.ts'
import type { PrismaClient } from './platform/db/generated/client.ts'
import type { Outages } from './platform/db/outages.ts'
import type { Replica } from './platform/db/replica/replica.ts'
import type { Sql } from './platform/db/sql.ts'
import type { Language } from './platform/language/spoken.ts'
import { Loaded } from './platform/loader.ts'
import type { Metrics } from './platform/metrics.ts'
import type { RateLimits } from './platform/rate-limit/rate-limits.ts'
import type { Deadline } from './platform/time/deadline.ts'
import type { Tracing } from './platform/tracing/tracing.ts'

/** Resources of one server process that every slice uses. */
export interface Core {
  config: Config
  log: Logger
  metrics: Metrics
  /** Null while traces are off. */
  tracing: Tracing | null
  db: PrismaClient
  pool: pg.Pool
  sql: Sql
  /** Null without DATABASE_REPLICA_URL. */
  replica: Replica | null
  outages: Outages
  bus: Bus
  rateLimits: RateLimits
}

/** Core and slices of one server process. Each slice declares its member in its slice.ts. */
export interface Services extends Core {}

/** The authenticated user and their session. */
export interface Viewer {
  userId: string
  sessionId: string
}

export type SessionEndReason = 'SIGNED_OUT' | 'REPLACED' | 'REVOKED' | 'PASSWORD_CHANGED' | 'SUSPENDED'

/** A change of the session that every stream of its socket delivers. */
export type SessionEvent = { type: 'EXPIRING'; at: Date } | { type: 'ENDED'; reason: SessionEndReason }

/** A stream of a socket, which delivers changes of its session. */
export interface SessionListener {
  sessionEvent(event: SessionEvent): void
}

/** The WebSocket of an operation. */
export interface SocketSession {
  /** Authenticates the socket until the access token expires. */
  signIn(viewer: Viewer, accessTokenExpiresAt: number): void
  addListener(listener: SessionListener): void
  removeListener(listener: SessionListener): void
  /** Closes the socket because its client stopped acknowledging. The client may reconnect. */
  closeUnresponsive(): void
}

/** An execution whose result is sent to many viewers. */
export interface SharedExecution {
  /** The lowest `seq` among the messages in the result; viewers who may not see it get an execution of their own. */
  lowestSeq: number
}

/** The context of one operation. */
export interface Context extends Services {
  viewer: Viewer | null
  /** Set if the result is shared between viewers; `viewer` is then null. */
  shared: SharedExecution | null
  requestId: string
  /** W3C trace context that the client sent; null if none. */
  traceparent: string | null
  /** Base URL under which the client reaches this server, such as `https://chat.example`. */
  origin: string
  /** Rate-limit key of the client address; null for loopback. */
  viewerAddress: string | null
  socket: SocketSession | null
  /** By when the operation is answered; null for subscriptions and background work. */
  deadline: Deadline | null
  /** Schema version of the client; null for the current one. */
  schemaVersion: number | null
  /** Language of the texts that the server writes for the client. */
  language: Language
  loaders: Loaded
  /** Whether the mutation that runs has committed a change. */
  committed: boolean
}

declare module './platform/graphql/builder.ts' {
  interface OperationContext extends Context {}
}

export function createContext(
  services: Services,
  request: {
    viewer: Viewer | null
    requestId: string
    traceparent?: string | null
    origin: string
    viewerAddress?: string | null
    socket?: SocketSession | null
    deadline?: Deadline | null
    schemaVersion?: number | null
    language?: Language
    shared?: SharedExecution
  },
): Context {
  // The prototype gives access to the services: copying them for every operation costs a tenth of a send.
  const own = {
    socket: null,
    traceparent: null,
    deadline: null,
    shared: null,
    viewerAddress: null,
    schemaVersion: null,
    language: 'en' as const,
    committed: false,
    ...request,
    loaders: new Loaded(),
  }
  return Object.assign(Object.create(services) as Services, own)
}

/** A context of the server itself, for background work on behalf of no user. */
export const systemContext = (services: Services, requestId: string): Context =>
  createContext(services, { viewer: null, requestId, origin: services.config.publicUrl ?? '' })

export function requireViewer(ctx: Context): Viewer {
  if (!ctx.viewer) throw unauthenticated('MISSING', 'Sign in first.')
  return ctx.viewer
}
