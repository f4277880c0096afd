import type { BackOff } from './back-off.ts'

/** What a close code of docs/protocol.md asks for. */
export interface Advice {
  /** Pause before the next attempt; null waits until the page is used again. */
  delayMs: number | null
  /** Whether the access token is no longer accepted. */
  refused: boolean
}

const clientErrors = new Set([1009, 4400, 4406, 4409])
const slowestMs = 30_000

export function adviceFor(code: number, backOff: BackOff): Advice {
  // The page woke during the attempt, which may hang on a network that is gone.
  if (code === 0) return { delayMs: 0, refused: false }
  // Another tab took the place; returning at once would take it back, endlessly.
  if (code === 1008) return { delayMs: null, refused: false }
  if (code === 1013) return { delayMs: 3 * backOff.next(), refused: false }
  if (clientErrors.has(code)) return { delayMs: slowestMs, refused: false }
  return { delayMs: backOff.next(), refused: code === 4401 || code === 4403 }
}
