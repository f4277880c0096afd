import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { refuse } from '../../errors.ts'

/** Argon2id, a few at a time: each takes a core and 19 MiB for a moment. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Without a hash it fails, after as long as with one, so that the time does not tell who exists. */
  verify(hash: string | null, password: string): Promise<boolean>
}

/** The function that makes and checks a hash. The cost is part of each hash, so that `verify` needs none. */
export interface PasswordHashing {
  cost: { memoryCost: number; timeCost: number; parallelism: number }
  verify(hash: string, password: string): Promise<boolean>
}

// The minimum that OWASP recommends for Argon2id.
export const argon2id: PasswordHashing = {
  cost: { memoryCost: 19_456, timeCost: 2, parallelism: 1 },
  verify,
}

const queueLength = 64

export function createPasswords(hashing = argon2id): Passwords {
  // One of the four threads that Node has for such work stays free for everything else.
  const run = queue(Math.min(availableParallelism(), 3), queueLength)
  const unknown = unmatchedHash(hashing.cost)
  return {
    hash: (password) => run(() => hash(password.normalize('NFC'), hashing.cost)),
    async verify(stored, password) {
      const same = await run(() => hashing.verify(stored ?? unknown, password.normalize('NFC')))
      return stored !== null && same
    },
  }
}

/** A hash of the same cost that no known password matches. */
function unmatchedHash({ memoryCost, timeCost, parallelism }: PasswordHashing['cost']): string {
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`
}

/** Runs so many tasks at once, lets so many wait, and turns the others away at once. */
function queue(atOnce: number, waiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiters: (() => void)[] = []
  let running = 0

  return async (task) => {
    if (running >= atOnce) {
      if (waiters.length >= waiting)
        throw refuse('UNAVAILABLE', 'Too many people are signing in at this moment.', {
          retryable: true,
          retryAfterMs: 1_000,
        })
      // Whoever finishes hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiters.push(resolve))
    } else running += 1
    try {
      return await task()
    } finally {
      const next = waiters.shift()
      if (next) next()
      else running -= 1
    }
  }
}
