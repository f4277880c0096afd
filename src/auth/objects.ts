import { MeType, UserType } from '../account/refs.ts'
import { requireViewer } from '../context.ts'
import { unauthenticated } from '../errors.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineRowNode, NodeInterface } from '../platform/graphql/node.ts'
import { PlatformEnum } from './inputs.ts'
import type { SignedIn } from './session/start.ts'
import {
  listSessions,
  loadActiveSession,
  loadSession,
  type SessionRow,
  sessionsMax,
} from './session/store.ts'

export const SessionType = builder.objectRef<SessionRow>('Session').implement({
  description: 'A signed-in device.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Session id, for `revokeSession`.' }),
    deviceName: t.exposeString('deviceName', {
      description: 'Name of the device, set at sign-in. Signing in again with the same device id changes it.',
    }),
    platform: t.expose('platform', { type: PlatformEnum, description: 'Platform of the device.' }),
    current: t.boolean({
      description: 'Whether it is the session of this request.',
      resolve: (session, _args, ctx) => session.id === ctx.viewer?.sessionId,
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'Time of the last sign-in or token refresh; a device in use refreshes every few minutes.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of the sign-in.' }),
  }),
})

defineRowNode('session', {
  type: SessionType.name,
  read: async (ctx, id) => {
    const session = await loadActiveSession(ctx, id)
    return session?.userId === requireViewer(ctx).userId ? session : null
  },
})

/** What register, login and refreshSession return. */
export const AuthPayload = builder.interfaceRef<SignedIn>('AuthPayload').implement({
  description: 'Tokens and session of a signed-in device.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'Short-lived bearer token (JWT) for requests and WebSockets.',
    }),
    accessTokenExpiresAt: t.expose('accessTokenExpiresAt', {
      type: 'DateTime',
      description: 'When the access token expires; refresh before.',
    }),
    accessTokenExpiresInSeconds: t.int({
      description: 'Seconds until the access token expires, independent of the clock of the device.',
      resolve: ({ accessTokenExpiresAt }) =>
        Math.max(0, Math.floor((accessTokenExpiresAt.getTime() - Date.now()) / 1_000)),
    }),
    refreshToken: t.exposeString('refreshToken', {
      description:
        'Token for `refreshSession`, valid for one use: each refresh returns a new one. Using an old one ends the session.',
    }),
    user: t.field({
      type: UserType,
      description: 'The signed-in user.',
      resolve: ({ user }) => user,
    }),
    session: t.field({
      type: SessionType,
      description: 'The session of this device.',
      resolve: ({ session }) => session,
    }),
  }),
})

builder.objectFields(MeType, (t) => ({
  session: t.field({
    type: SessionType,
    description: 'The session of this request.',
    resolve: async (_me, _args, ctx) => {
      const session = await loadSession(ctx, requireViewer(ctx).sessionId)
      if (!session) throw unauthenticated('ENDED', 'This session has ended; sign in again.')
      return session
    },
  }),
  sessions: t.field({
    type: [SessionType],
    items: sessionsMax,
    description: "The viewer's active sessions, last seen first; at most 100.",
    resolve: (me, _args, ctx) => listSessions(ctx.sql, me.id),
  }),
}))
