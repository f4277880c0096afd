import type { TokensFragment } from '../generated/documents.ts'

/** The tokens of a signed-in device, as they are stored. */
export interface Tokens {
  accessToken: string
  refreshToken: string
  sessionId: string
  userId: string
  /** By the clock of the device, from which only differences are taken. */
  obtainedAt: number
  lifetimeMs: number
}

export const tokensOf = (answer: TokensFragment, now: number): Tokens => ({
  accessToken: answer.accessToken,
  refreshToken: answer.refreshToken,
  sessionId: answer.session.id,
  userId: answer.user.id,
  obtainedAt: now,
  lifetimeMs: answer.accessTokenExpiresInSeconds * 1_000,
})

/** Whether a token is worth sending: at most nine tenths of its life have passed. A clock that went back proves nothing. */
export function isFresh({ obtainedAt, lifetimeMs }: Tokens, now: number): boolean {
  const age = now - obtainedAt
  return age >= 0 && age < lifetimeMs * 0.9
}

/** Whom a JSON Web Token names; null for a token of another kind. It serves to tell users apart, and proves nothing. */
export function subjectOf(token: string | null): string | null {
  try {
    const part = (token ?? '').split('.')[1] ?? ''
    const { sub } = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown }
    return typeof sub === 'string' ? sub : null
  } catch {
    return null
  }
}
