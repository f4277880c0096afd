import { isParlanceError, present } from '../errors.ts'
import {
  Login,
  type LoginInput,
  Logout,
  RefreshSession,
  Register,
  type RegisterInput,
  type TokensFragment,
} from '../generated/documents.ts'
import { type Signal, signal } from '../signal.ts'
import type { Request } from '../transport/http.ts'
import { defaultLock, type Lock } from './lock.ts'
import { defaultStorage, type KeyValueStorage, readJson } from './storage.ts'
import { isFresh, type Tokens, tokensOf } from './tokens.ts'

export interface SessionOptions {
  request: Request
  storage?: KeyValueStorage
  lock?: Lock
  /** The clock of the device. */
  now?: () => number
  /** Name of the stored tokens, for several accounts on one page. */
  name?: string
}

/** `starting` until the stored tokens are read. `signedOut` has the reason if it was not the user. */
export type SessionState =
  | { status: 'starting' }
  | { status: 'signedOut'; reason: string | null }
  | { status: 'signedIn'; userId: string | null }

export interface Session {
  readonly state: Signal<SessionState>
  /** A valid access token, refreshed if need be; null without a user. Fails if the server is not reached. */
  accessToken(): Promise<string | null>
  /** The server refuses this token: the next one is another. */
  refused(accessToken: string): void
  /** The server ended the session. */
  ended(reason: string): Promise<void>
  register(input: RegisterInput): Promise<void>
  login(input: LoginInput): Promise<void>
  logout(): Promise<void>
  /** Takes over what another tab stored, and why the session ended if it did. */
  reload(reason?: string | null): Promise<void>
}

/** With these answers to a refresh the user has to sign in again; with others the refresh is repeated. */
const final = [
  'TOKEN_REUSED',
  'BAD_CREDENTIALS',
  'UNAUTHENTICATED',
  'SUSPENDED',
  'NOT_FOUND',
  'INVALID_INPUT',
]

export function createSession(options: SessionOptions): Session {
  const { request, storage = defaultStorage(), lock = defaultLock(), now = Date.now } = options
  const key = `${options.name ?? 'parlance'}.session`
  const state = signal<SessionState>({ status: 'starting' })
  let tokens: Tokens | null = null
  let refused: string | null = null

  const usable = (candidate: Tokens) => candidate.accessToken !== refused && isFresh(candidate, now())

  function adopt(next: Tokens | null, reason: string | null = null): void {
    tokens = next
    const previous = state.get()
    if (!next) state.set({ status: 'signedOut', reason })
    else if (previous.status !== 'signedIn' || previous.userId !== next.userId)
      state.set({ status: 'signedIn', userId: next.userId })
  }

  const load = async (reason?: string | null) => adopt(await readJson<Tokens>(storage, key), reason)
  // A storage that cannot be read has nothing that could be kept.
  const loaded = load().catch(() => adopt(null))

  async function keep(answer: TokensFragment): Promise<void> {
    const next = tokensOf(answer, now())
    await storage.setItem(key, JSON.stringify(next))
    adopt(next)
  }

  async function forget(reason: string | null): Promise<void> {
    await storage.removeItem(key)
    adopt(null, reason)
  }

  // Without a header: the server would refuse the expired token first.
  async function refresh(): Promise<string | null> {
    // Another tab may have refreshed, or signed out, while this one waited for the lock.
    const stored = await readJson<Tokens>(storage, key)
    if (!stored || usable(stored)) {
      adopt(stored)
      return stored?.accessToken ?? null
    }
    try {
      const input = { refreshToken: stored.refreshToken }
      const { refreshSession } = await request(RefreshSession, { input }, null)
      const next = present(refreshSession)
      await keep(next)
      return next.accessToken
    } catch (error) {
      if (!isParlanceError(error) || !final.includes(error.code)) throw error
      await forget(error.code)
      return null
    }
  }

  async function signIn(answer: Promise<TokensFragment | null | undefined>): Promise<void> {
    await loaded
    const payload = present(await answer)
    await lock(key, () => keep(payload))
  }

  return {
    state,
    async accessToken() {
      await loaded
      if (!tokens) return null
      return usable(tokens) ? tokens.accessToken : lock(key, refresh)
    },
    refused(accessToken) {
      refused = accessToken
    },
    ended: (reason) => lock(key, () => forget(reason)),
    register: (input) => signIn(request(Register, { input }, null).then(({ register }) => register)),
    login: (input) => signIn(request(Login, { input }, null).then(({ login }) => login)),
    async logout() {
      await loaded
      const ending = tokens
      await lock(key, () => forget(null))
      // Without the server the user is signed out here alone; the session can be ended on another device.
      if (ending) await request(Logout, {}, ending.accessToken).catch(() => {})
    },
    reload: (reason) => lock(key, () => load(reason)),
  }
}
