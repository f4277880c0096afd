import { type Signal, signal } from '../signal.ts'
import type { SessionState } from './session.ts'

/** Why the application is asked for a token: at the beginning, or because the last one is no longer accepted. */
export type TokenReason = 'START' | 'EXPIRED'

export interface ProvidedSession {
  readonly state: Signal<SessionState>
  accessToken(): Promise<string | null>
  refused(accessToken: string): void
  ended(reason: string): Promise<void>
}

/** A session with the tokens of the application's own identity provider. One question at a time. */
export function createProvidedSession(provider: (reason: TokenReason) => Promise<string>): ProvidedSession {
  const state = signal<SessionState>({ status: 'signedIn', userId: null })
  let token: string | null = null
  let asking: Promise<string> | null = null

  async function ask(reason: TokenReason): Promise<string> {
    try {
      const next = await provider(reason)
      token = next
      return next
    } finally {
      asking = null
    }
  }

  return {
    state,
    async accessToken() {
      if (state.get().status === 'signedOut') return null
      if (token && !asking) return token
      asking ??= ask(token ? 'EXPIRED' : 'START')
      return asking
    },
    refused(accessToken) {
      // A token that was replaced meanwhile proves nothing about the present one.
      if (accessToken === token && !asking) asking = ask('EXPIRED')
      asking?.catch(() => {})
    },
    async ended(reason) {
      state.set({ status: 'signedOut', reason })
    },
  }
}
