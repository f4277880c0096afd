import { refuse } from '../../errors.ts'

type Takeover = (key: string, work: (signal: AbortSignal) => Promise<void>) => Promise<void>

/**
 * Runs one request per key at a time. A newer request aborts the one before it, so that a client whose connection broke
 * can retry before the server detects it.
 */
export function createTakeover(): Takeover {
  const latest = new Map<string, { abort: AbortController; done: Promise<void> }>()

  return async (key, work) => {
    const earlier = latest.get(key)
    const abort = new AbortController()
    const run = async () => {
      earlier?.abort.abort()
      await earlier?.done.catch(() => {})
      if (abort.signal.aborted) throw replaced()
      await work(abort.signal).catch((error: unknown) => {
        throw abort.signal.aborted ? replaced() : error
      })
    }
    const turn = { abort, done: run() }
    latest.set(key, turn)
    try {
      await turn.done
    } finally {
      if (latest.get(key) === turn) latest.delete(key)
    }
  }
}

const replaced = () => refuse('CONFLICT', 'A newer upload with this ticket replaced this one.')
