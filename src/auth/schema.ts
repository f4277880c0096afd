import { MeType } from '../account/refs.ts'
import { requireAccount } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { deleteAccount } from './account/delete.ts'
import { register } from './account/register.ts'
import { ChangePasswordInput, LoginInput, RegisterInput } from './inputs.ts'
import { AuthPayloadType, SessionType } from './objects.ts'
import { changePassword } from './password/change.ts'
import { login } from './password/login.ts'
import { renewSession } from './renew-session.ts'
import { logout } from './session/logout.ts'
import { refreshSession } from './session/refresh.ts'
import { revokeSession } from './session/revoke.ts'
import { revokeOtherSessions } from './session/revoke-others.ts'

builder.mutationFields((t) => ({
  register: t.field({
    type: AuthPayloadType,
    description:
      'Makes an account and signs its first device in; on a WebSocket that is signed in to nobody, the socket too. INVALID_INPUT lists every fault; CONFLICT when the handle is taken or looks like one that is; FORBIDDEN where nobody can register; RATE_LIMITED when too many accounts are made from one address; UNAVAILABLE when too many are signing in.',
    args: { input: t.arg({ type: RegisterInput, required: true, description: 'The new account.' }) },
    resolve: (_root, { input }, ctx) => register(ctx, input),
  }),
  login: t.field({
    type: AuthPayloadType,
    description:
      'Signs a device in; on a WebSocket that is signed in to nobody, the socket too. A session that the same device had before ends as REPLACED, and so do the oldest of its platform where the server allows only so many. My other devices are told by MeChanged. BAD_CREDENTIALS, whether the handle or the password is wrong; RATE_LIMITED after too many wrong ones, which a device that has signed in before is spared; SUSPENDED with `extensions.until` (null: until it is lifted) and `extensions.reason`; UNAVAILABLE when too many are signing in.',
    args: { input: t.arg({ type: LoginInput, required: true, description: 'Who, and where.' }) },
    resolve: (_root, { input }, ctx) => login(ctx, input),
  }),
  refreshSession: t.field({
    type: AuthPayloadType,
    description:
      'Trades a refresh token for new tokens of the same session. If the answer was lost, the same may be asked again for some seconds, with the same answer, until the new refresh token is used. TOKEN_REUSED for any other old token, which ends the session; UNAUTHENTICATED when the session has ended; SUSPENDED, as login says it, when the account is; BAD_CREDENTIALS when it is no refresh token.',
    args: {
      refreshToken: t.arg.string({ required: true, description: 'The last refresh token received.' }),
    },
    resolve: (_root, args, ctx) => refreshSession(ctx, args.refreshToken),
  }),
  renewSession: t.field({
    type: SessionType,
    description:
      'On a WebSocket: go on with a fresh access token, without reconnecting. BAD_CREDENTIALS when it is of another session, UNAUTHENTICATED when it is not good, INVALID_INPUT over HTTP.',
    args: {
      accessToken: t.arg.string({ required: true, description: 'An access token of the same session.' }),
    },
    resolve: (_root, args, ctx) => renewSession(ctx, args.accessToken),
  }),
  logout: t.boolean({
    description:
      'Ends the session that asks, and closes its sockets; its tokens are void from here on. Always true.',
    resolve: async (_root, _args, ctx) => {
      await logout(ctx)
      return true
    },
  }),
  revokeSession: t.field({
    type: MeType,
    description:
      'Ends one of my sessions, wherever that device is. Repeating it changes nothing. NOT_FOUND when it is not mine.',
    args: { id: t.arg.id({ required: true, description: 'The id of the session.' }) },
    resolve: async (_root, { id }, ctx) => {
      await revokeSession(ctx, id)
      return me(ctx)
    },
  }),
  revokeOtherSessions: t.field({
    type: MeType,
    description: 'Ends all my sessions but the one that asks.',
    resolve: async (_root, _args, ctx) => {
      await revokeOtherSessions(ctx)
      return me(ctx)
    },
  }),
  changePassword: t.field({
    type: MeType,
    description:
      'Takes another password and ends my other sessions as PASSWORD_CHANGED. BAD_CREDENTIALS when the present password is wrong, INVALID_INPUT when the next one may not be taken, RATE_LIMITED after too many wrong ones.',
    args: { input: t.arg({ type: ChangePasswordInput, required: true, description: 'Both passwords.' }) },
    resolve: async (_root, { input }, ctx) => {
      await changePassword(ctx, input)
      return me(ctx)
    },
  }),
  deleteAccount: t.boolean({
    description:
      'Ends my account for good, and all my sessions: friendships end, groups go on without me, my messages stay under a placeholder. The handle is not given to anybody else. An account with a password is proved by the password; an account of the identity provider by a fresh sign-in there. BAD_CREDENTIALS when the proof is wrong, missing or too old, RATE_LIMITED after too many wrong ones.',
    args: {
      password: t.arg.string({ description: "The account's password; null for an account without one." }),
      providerToken: t.arg.string({
        description:
          'An access token that the identity provider gave the same person after a sign-in within the last 5 minutes, by its auth_time, or by its iat where it has none.',
      }),
    },
    resolve: async (_root, proof, ctx) => {
      await deleteAccount(ctx, proof)
      return true
    },
  }),
}))

const me = (ctx: Context) => requireAccount(ctx.sql, requireViewer(ctx).userId)
