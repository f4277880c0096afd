import { meField, userField } from '../account/payload.ts'
import { type Context, requireViewer } from '../context.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import { deleteAccount } from './account/delete.ts'
import { register } from './account/register.ts'
import { ChangePasswordInput, DeleteAccountInput, LoginInput, RegisterInput } from './inputs.ts'
import { AuthPayload, SessionType } from './objects.ts'
import { changePassword } from './password/change.ts'
import { login } from './password/login.ts'
import { renewSession } from './renew-session.ts'
import { logout } from './session/logout.ts'
import { refreshSession } from './session/refresh.ts'
import { revokeSession } from './session/revoke.ts'
import { revokeOtherSessions } from './session/revoke-others.ts'
import type { SignedIn } from './session/start.ts'

/** The user and the session of the payload are read as the viewer who has just signed in. */
function asViewer(ctx: Context, signedIn: SignedIn): SignedIn {
  ctx.viewer ??= { userId: signedIn.user.id, sessionId: signedIn.session.id }
  return signedIn
}

defineMutation('register', {
  description:
    'Creates an account and signs its first device in. On an anonymous WebSocket it signs the socket in, too. INVALID_INPUT lists every issue; CONFLICT if the handle is taken or too similar to an existing one; FORBIDDEN if registration is closed; RATE_LIMITED per address and device; UNAVAILABLE under too many sign-ins at once.',
  errors: ['INVALID_INPUT', 'CONFLICT', 'FORBIDDEN', 'RATE_LIMITED'],
  input: RegisterInput,
  resolve: async (input, ctx) => asViewer(ctx, await register(ctx, input)),
  interfaces: [AuthPayload],
  payload: () => ({}),
})

defineMutation('login', {
  description:
    "Signs a device in. On an anonymous WebSocket it signs the socket in, too. The device's previous session ends as REPLACED, as do the oldest sessions above the platform's limit. The other devices of the user get MeChanged. BAD_CREDENTIALS if the handle or the password is wrong; RATE_LIMITED after too many wrong passwords, counted separately for a known device; SUSPENDED with `extensions.until` (null: until lifted) and `extensions.suspensionReason`; INVALID_INPUT for an invalid device; UNAVAILABLE under too many sign-ins at once.",
  errors: ['BAD_CREDENTIALS', 'RATE_LIMITED', 'SUSPENDED', 'INVALID_INPUT'],
  input: LoginInput,
  resolve: async (input, ctx) => asViewer(ctx, await login(ctx, input)),
  interfaces: [AuthPayload],
  payload: () => ({}),
})

defineMutation('refreshSession', {
  description:
    'Exchanges a refresh token for new tokens of the same session. If the response was lost, a retry within a few seconds returns the same tokens, until the new refresh token is used. TOKEN_REUSED for any other old token, which also ends the session; UNAUTHENTICATED if the session has ended; SUSPENDED as for `login`; BAD_CREDENTIALS if it is not a refresh token.',
  errors: ['TOKEN_REUSED', 'UNAUTHENTICATED', 'SUSPENDED', 'BAD_CREDENTIALS'],
  input: inputOf('refreshSession', (t) => ({
    refreshToken: t.string({ required: true, description: 'The refresh token received last.' }),
  })),
  resolve: async (input, ctx) => asViewer(ctx, await refreshSession(ctx, input.refreshToken)),
  interfaces: [AuthPayload],
  payload: () => ({}),
})

defineMutation('renewSession', {
  description:
    'Extends a WebSocket with a new access token, without reconnecting. BAD_CREDENTIALS if the token belongs to another session, UNAUTHENTICATED if it is invalid, INVALID_INPUT over HTTP.',
  errors: ['BAD_CREDENTIALS', 'UNAUTHENTICATED', 'INVALID_INPUT'],
  input: inputOf('renewSession', (t) => ({
    accessToken: t.string({ required: true, description: 'An access token of the same session.' }),
  })),
  resolve: (input, ctx) => renewSession(ctx, input.accessToken),
  payload: (t) => ({
    session: t.field({
      type: SessionType,
      description: 'The session of this device.',
      resolve: (session) => session,
    }),
  }),
})

defineMutation('logout', {
  description: 'Ends the current session, invalidates its tokens and closes its sockets.',
  errors: [],
  resolve: async (_input, ctx) => {
    await logout(ctx)
    return { sessionId: requireViewer(ctx).sessionId }
  },
  payload: (t) => ({
    endedSessionId: t.exposeID('sessionId', { description: 'Id of the session that ended.' }),
  }),
})

defineMutation('revokeSession', {
  description: "Ends one of the viewer's sessions. Idempotent. NOT_FOUND if it is not the viewer's.",
  errors: ['NOT_FOUND'],
  input: inputOf('revokeSession', (t) => ({
    sessionId: t.id({ required: true, description: 'The id of the session.' }),
  })),
  resolve: async (input, ctx) => {
    await revokeSession(ctx, input.sessionId)
    return input
  },
  payload: (t) => ({
    endedSessionId: t.exposeID('sessionId', { description: 'Id of the session that ended.' }),
    me: meField(t),
  }),
})

defineMutation('revokeOtherSessions', {
  description: "Ends all of the viewer's sessions except the current one.",
  errors: [],
  resolve: async (_input, ctx) => {
    await revokeOtherSessions(ctx)
    return {}
  },
  payload: (t) => ({ me: meField(t) }),
})

defineMutation('changePassword', {
  description:
    "Changes the viewer's password and ends the other sessions as PASSWORD_CHANGED. BAD_CREDENTIALS if the current password is wrong, INVALID_INPUT if the new one is not allowed, RATE_LIMITED after too many wrong passwords, CONFLICT if another device has just changed it.",
  errors: ['BAD_CREDENTIALS', 'CONFLICT', 'INVALID_INPUT', 'RATE_LIMITED'],
  input: ChangePasswordInput,
  resolve: async (input, ctx) => {
    await changePassword(ctx, input)
    return {}
  },
  payload: (t) => ({ me: meField(t) }),
})

defineMutation('deleteAccount', {
  description:
    "Deletes the viewer's account permanently and ends all sessions. Friendships end, groups continue without the user, and messages stay under a placeholder name. The handle is never given to another account. Requires the password or, for an account of the identity provider, a fresh sign-in there. BAD_CREDENTIALS if the proof is missing, wrong or too old, RATE_LIMITED after too many wrong ones, CONFLICT if the password has just been changed.",
  errors: ['BAD_CREDENTIALS', 'RATE_LIMITED', 'CONFLICT'],
  input: DeleteAccountInput,
  resolve: async (proof, ctx) => {
    await deleteAccount(ctx, proof)
    return { userId: requireViewer(ctx).userId }
  },
  payload: (t) => ({ user: userField(t) }),
})
