import type pg from 'pg'
import { beforeCommit, isConnectionLost } from '../outage.ts'

/** More than the idle connections of an ordinary pool. Each attempt that is repeated fails at once. */
const attemptsMax = 100

/**
 * Begins a transaction. A connection may have ended while it was idle, which only its next statement shows; nothing was
 * written then, and another connection is used.
 */
export async function onLiveConnection<T>(
  attempt: () => Promise<T>,
  hasBegun = (): boolean => false,
): Promise<T> {
  for (let left = attemptsMax - 1; ; left -= 1)
    try {
      return await attempt()
    } catch (error) {
      if (hasBegun()) throw error
      if (left === 0 || !isConnectionLost(error)) throw beforeCommit(error)
    }
}

/** A connection of the pool on which the statement has begun a transaction. */
export function connectAndBegin(pool: pg.Pool, statement: string): Promise<pg.PoolClient> {
  return onLiveConnection(async () => {
    const client = await pool.connect()
    try {
      await client.query(statement)
      return client
    } catch (error) {
      client.release(true)
      throw error
    }
  })
}
