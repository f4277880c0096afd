import { MeType, UserType } from '../account/refs.ts'
import { requireViewer } from '../context.ts'
import { refuse } from '../errors.ts'
import { builder } from '../platform/graphql/builder.ts'
import { PlatformEnum } from './inputs.ts'
import type { SignedIn } from './session/start.ts'
import { listSessions, loadSession, type SessionRow } from './session/store.ts'

export const SessionType = builder.objectRef<SessionRow>('Session').implement({
  description: 'A signed-in device.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Names the session for revokeSession.' }),
    deviceName: t.exposeString('deviceName', {
      description:
        'What its owner called it when signing in; to rename it, sign in again with the same device id.',
    }),
    platform: t.expose('platform', { type: PlatformEnum, description: 'What it runs.' }),
    current: t.boolean({
      description: 'It is the one that asks.',
      resolve: (session, _args, ctx) => session.id === ctx.viewer?.sessionId,
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'When it last signed in or refreshed, which a device in use does every few minutes.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it signed in.' }),
  }),
})

export const AuthPayloadType = builder.objectRef<SignedIn>('AuthPayload').implement({
  description: 'What a device that has signed in goes on with.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'A bearer token (JWT) for requests and WebSockets, good for a short time.',
    }),
    accessTokenExpiresAt: t.expose('accessTokenExpiresAt', {
      type: 'DateTime',
      description: 'Until when; refresh before.',
    }),
    accessTokenExpiresInSeconds: t.int({
      description: 'Seconds until then by the clock of the server; independent of the clock of the device.',
      resolve: ({ accessTokenExpiresAt }) =>
        Math.max(0, Math.floor((accessTokenExpiresAt.getTime() - Date.now()) / 1_000)),
    }),
    refreshToken: t.exposeString('refreshToken', {
      description:
        'What refreshSession takes, once: every use brings another. To use an old one ends the session.',
    }),
    user: t.field({
      type: UserType,
      description: 'Who has signed in.',
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
    description: 'The session that asks.',
    resolve: async (_me, _args, ctx) => {
      const session = await loadSession(ctx, requireViewer(ctx).sessionId)
      if (!session) throw refuse('UNAUTHENTICATED', 'This session has ended; sign in again.')
      return session
    },
  }),
  sessions: t.field({
    type: [SessionType],
    description: 'My devices that are signed in, the one seen last first; at most 100.',
    resolve: (me, _args, ctx) => listSessions(ctx.sql, me.id),
  }),
}))
