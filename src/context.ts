import type pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { refuse } from './errors.ts'
import type { Bus, Unsubscribe } from './platform/bus/bus.ts'
import type { PrismaClient } from './platform/db/generated/client.ts'
import type { Sql } from './platform/db/sql.ts'
import type { Deadline } from './platform/deadline.ts'
import type { Metrics } from './platform/metrics.ts'
import type { RateLimits } from './platform/rate-limit/rate-limits.ts'

/** What every part of one server process builds on. */
export interface Core {
  config: Config
  log: Logger
  metrics: Metrics
  db: PrismaClient
  pool: pg.Pool
  sql: Sql
  bus: Bus
  rateLimits: RateLimits
}

/** The parts of one server process: each slice declares its own member in its slice.ts, and app.ts joins them. */
export interface Services extends Core {}

/** Who is asking: a person on a signed-in device. */
export interface Viewer {
  userId: string
  sessionId: string
}

export type SessionEndReason = 'SIGNED_OUT' | 'REPLACED' | 'REVOKED' | 'PASSWORD_CHANGED' | 'SUSPENDED'

/** Something about the session itself that the streams of a socket tell their client. */
export type SessionEvent = { type: 'EXPIRING'; at: Date } | { type: 'ENDED'; reason: SessionEndReason }

/** The socket an operation came in on. */
export interface SocketSession {
  /** The socket belongs to this viewer from now on, until the access token expires. */
  signIn(viewer: Viewer, accessTokenExpiresAt: Date): void
  onSessionEvent(listener: (event: SessionEvent) => void): Unsubscribe
  /** Its client does not answer any more: it is closed, and may come back. */
  closeUnresponsive(): void
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
  /** By when the operation is answered; null for subscriptions and background work. */
  deadline: Deadline | null
  /** The version of the schema that the client was made for; null when it knows all of this one. */
  schemaVersion: number | null
  loaders: Map<unknown, unknown>
}

declare module './platform/graphql/builder.ts' {
  interface OperationContext extends Context {}
}

export function createContext(
  services: Services,
  request: {
    viewer: Viewer | null
    requestId: string
    origin: string
    viewerAddress?: string | null
    socket?: SocketSession | null
    deadline?: Deadline | null
    schemaVersion?: number | null
    shared?: SharedExecution
  },
): Context {
  // The services are looked up through the prototype: copying two dozen for every operation costs a tenth of a send.
  const own = {
    socket: null,
    deadline: null,
    shared: null,
    viewerAddress: null,
    schemaVersion: null,
    ...request,
    loaders: new Map(),
  }
  return Object.assign(Object.create(services) as Services, own)
}

/** A context of the server itself, for background work on behalf of no user. */
export const systemContext = (services: Services, requestId: string): Context =>
  createContext(services, { viewer: null, requestId, origin: services.config.publicUrl ?? '' })

export function requireViewer(ctx: Context): Viewer {
  if (!ctx.viewer) throw refuse('UNAUTHENTICATED', 'Sign in first.')
  return ctx.viewer
}
