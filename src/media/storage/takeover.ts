import { refuse } from '../../errors.ts'

type Takeover = (key: string, work: (signal: AbortSignal) => Promise<void>) => Promise<void>

/**
 * Runs one piece of work for each key at a time. A newer one ends the one before it, so that a client whose connection
 * broke need not wait until the server notices.
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

const replaced = () => refuse('CONFLICT', 'A newer request with this ticket replaced this one.')
