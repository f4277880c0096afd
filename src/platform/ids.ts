import { randomFillSync } from 'node:crypto'
import { ulid } from 'ulid'

const pool = Buffer.alloc(8_192)
let used = pool.length

// One call for a whole pool: asked for each character, the system's randomness costs fifty times the rest of an id.
function random(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const byte = pool.readUInt8(used)
  used += 1
  return byte / 256
}

/** A new id: 26 characters, sorted by the millisecond it was made in, otherwise random. */
export const newId = (): string => ulid(undefined, random)
