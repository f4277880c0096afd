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
      'Creates an account and signs its first device in. On an anonymous WebSocket it signs the socket in, too. INVALID_INPUT lists every issue; CONFLICT if the handle is taken or too similar to an existing one; FORBIDDEN if registration is closed; RATE_LIMITED per address and device; UNAVAILABLE under too many sign-ins at once.',
    args: { input: t.arg({ type: RegisterInput, required: true, description: 'The new account.' }) },
    resolve: (_root, { input }, ctx) => register(ctx, input),
  }),
  login: t.field({
    type: AuthPayloadType,
    description:
      "Signs a device in. On an anonymous WebSocket it signs the socket in, too. The device's previous session ends as REPLACED, as do the oldest sessions above the platform's limit. The other devices of the user get MeChanged. BAD_CREDENTIALS if the handle or the password is wrong; RATE_LIMITED after too many wrong passwords, counted separately for a known device; SUSPENDED with `extensions.until` (null: until lifted) and `extensions.reason`; UNAVAILABLE under too many sign-ins at once.",
    args: { input: t.arg({ type: LoginInput, required: true, description: 'Credentials and device.' }) },
    resolve: (_root, { input }, ctx) => login(ctx, input),
  }),
  refreshSession: t.field({
    type: AuthPayloadType,
    description:
      'Exchanges a refresh token for new tokens of the same session. If the response was lost, a retry within a few seconds returns the same tokens, until the new refresh token is used. TOKEN_REUSED for any other old token, which also ends the session; UNAUTHENTICATED if the session has ended; SUSPENDED as for `login`; BAD_CREDENTIALS if it is not a refresh token.',
    args: {
      refreshToken: t.arg.string({ required: true, description: 'The refresh token received last.' }),
    },
    resolve: (_root, args, ctx) => refreshSession(ctx, args.refreshToken),
  }),
  renewSession: t.field({
    type: SessionType,
    description:
      'Extends a WebSocket with a new access token, without reconnecting. BAD_CREDENTIALS if the token belongs to another session, UNAUTHENTICATED if it is invalid, INVALID_INPUT over HTTP.',
    args: {
      accessToken: t.arg.string({ required: true, description: 'An access token of the same session.' }),
    },
    resolve: (_root, args, ctx) => renewSession(ctx, args.accessToken),
  }),
  logout: t.boolean({
    description: 'Ends the current session, invalidates its tokens and closes its sockets. Always true.',
    resolve: async (_root, _args, ctx) => {
      await logout(ctx)
      return true
    },
  }),
  revokeSession: t.field({
    type: MeType,
    description: "Ends one of the viewer's sessions. Idempotent. NOT_FOUND if it is not the viewer's.",
    args: { id: t.arg.id({ required: true, description: 'The id of the session.' }) },
    resolve: async (_root, { id }, ctx) => {
      await revokeSession(ctx, id)
      return me(ctx)
    },
  }),
  revokeOtherSessions: t.field({
    type: MeType,
    description: "Ends all of the viewer's sessions except the current one.",
    resolve: async (_root, _args, ctx) => {
      await revokeOtherSessions(ctx)
      return me(ctx)
    },
  }),
  changePassword: t.field({
    type: MeType,
    description:
      "Changes the viewer's password and ends the other sessions as PASSWORD_CHANGED. BAD_CREDENTIALS if the current password is wrong, INVALID_INPUT if the new one is not allowed, RATE_LIMITED after too many wrong passwords.",
    args: {
      input: t.arg({
        type: ChangePasswordInput,
        required: true,
        description: 'The current and the new password.',
      }),
    },
    resolve: async (_root, { input }, ctx) => {
      await changePassword(ctx, input)
      return me(ctx)
    },
  }),
  deleteAccount: t.boolean({
    description:
      "Deletes the viewer's account permanently and ends all sessions. Friendships end, groups continue without the user, and messages stay under a placeholder name. The handle is never given to another account. Requires the password or, for an account of the identity provider, a fresh sign-in there. BAD_CREDENTIALS if the proof is missing, wrong or too old, RATE_LIMITED after too many wrong ones.",
    args: {
      password: t.arg.string({ description: 'The password; null for an account without one.' }),
      providerToken: t.arg.string({
        description:
          'Access token of the identity provider for the same user, after a sign-in within the last 5 minutes by its `auth_time`, or by its `iat` if it has none.',
      }),
    },
    resolve: async (_root, proof, ctx) => {
      await deleteAccount(ctx, proof)
      return true
    },
  }),
}))

const me = (ctx: Context) => requireAccount(ctx.sql, requireViewer(ctx).userId)
