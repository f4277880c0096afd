import { errorOf } from '../../../packages/client/src/errors.ts'
import type { Lock } from '../../../packages/client/src/session/lock.ts'
import { createSession } from '../../../packages/client/src/session/session.ts'
import { memoryStorage } from '../../../packages/client/src/session/storage.ts'
import type { Request } from '../../../packages/client/src/transport/http.ts'

const refusal = (code: string, extensions: object = {}) =>
  errorOf({ message: code, extensions: { code, ...extensions } })

/** A server with short tokens by its own clock, on which the second use of a refresh token ends the session. */
export class TokenServer {
  readonly lifetimeMs = 40_000
  now = 1_000_000
  refreshes = 0
  headersOnRefresh = 0
  unreachable = false
  #generation = 0
  #ended = false
  readonly #expiry = new Map<string, number>()

  readonly request: Request = async (document, variables, accessToken) => {
    await Promise.resolve()
    if (this.unreachable) throw refusal('NETWORK')
    const name = document.match(/^\w+ (\w+)/)?.[1]
    if (name === 'Logout') {
      this.#ended = true
      return { logout: { __typename: 'LogoutPayload' } } as never
    }
    if (name === 'Login') return { login: this.#issue() } as never
    if (accessToken) this.headersOnRefresh += 1
    const { refreshToken } = (variables as { input: { refreshToken: string } }).input
    if (this.#ended) throw refusal('BAD_CREDENTIALS')
    if (refreshToken !== `refresh ${this.#generation}`) {
      this.#ended = true
      throw refusal('TOKEN_REUSED')
    }
    this.refreshes += 1
    return { refreshSession: this.#issue() } as never
  }

  #issue() {
    this.#ended = false
    this.#generation += 1
    const accessToken = `access ${this.#generation}`
    this.#expiry.set(accessToken, this.now + this.lifetimeMs)
    return {
      accessToken,
      accessTokenExpiresInSeconds: this.lifetimeMs / 1_000,
      refreshToken: `refresh ${this.#generation}`,
      session: { id: 'session' },
      user: { id: 'alice' },
    }
  }

  accepts(accessToken: string | null): boolean {
    return !this.#ended && accessToken !== null && (this.#expiry.get(accessToken) ?? 0) > this.now
  }
}

/** Tabs of one browser: they share storage, locks and a clock that differs from that of the server. */
export function browser(server: TokenServer, skewMs = 0) {
  const storage = memoryStorage()
  const clock = { skewMs }
  const last = new Map<string, Promise<unknown>>()
  const lock: Lock = (name, work) => {
    const result = (last.get(name) ?? Promise.resolve()).then(work)
    last.set(
      name,
      result.catch(() => {}),
    )
    return result
  }
  const now = () => server.now + clock.skewMs
  return { clock, storage, tab: () => createSession({ request: server.request, storage, lock, now }) }
}
