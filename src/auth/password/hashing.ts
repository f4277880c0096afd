import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { refuse } from '../../errors.ts'

/** Argon2id with limited concurrency: each hash occupies one core and 19 MiB. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Without a hash it fails after the same time as with one, so that timing does not reveal which accounts exist. */
  verify(hash: string | null, password: string): Promise<boolean>
}

/** Cost of new hashes, and verification; each hash contains its own cost. */
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
  // One of the four threads of Node's thread pool stays free for other work.
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

/** Runs `concurrency` tasks at the same time and queues up to `capacity` more; further ones fail with UNAVAILABLE. */
function queue(concurrency: number, capacity: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiters: (() => void)[] = []
  let running = 0

  return async (task) => {
    if (running >= concurrency) {
      if (waiters.length >= capacity)
        throw refuse('UNAVAILABLE', 'Too many sign-ins at the moment; retry after the given time.', {
          retryAfterMs: 1_000,
        })
      // A finished task hands its slot over, so `running` does not change.
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
