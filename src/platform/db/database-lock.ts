import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import {
  acquireDatabaseLock,
  DatabaseInUseError,
  type DatabaseLock,
  type LockMode,
} from '../postgres/lock.ts'

const retryMs = 250

/**
 * Claims the database, and takes the claim again when it is lost: a server outlives the restart of its database and
 * its failover to a standby. While the database is away nobody can claim it; once it is back, the first to claim it goes
 * on and the other stops. `isOurs` tells a database that came back from another one in its place.
 */
export async function keepDatabaseLock(
  connection: pg.ClientConfig,
  patience: number,
  mode: LockMode,
  isOurs: () => Promise<boolean>,
): Promise<DatabaseLock> {
  let held = await acquireDatabaseLock(connection, patience, mode)
  let released = false

  const guard = async (): Promise<Error> => {
    await held.lost
    await held.release()
    while (!released) {
      await pause(retryMs, undefined, { ref: false })
      try {
        held = await acquireDatabaseLock(connection, patience, mode)
        if (released) await held.release()
        else if (!(await isOurs())) return new Error('The database is another one now.')
        return guard()
      } catch (error) {
        if (error instanceof DatabaseInUseError && !error.isOwn) return error
      }
    }
    return new Error('The claim was released.')
  }

  return {
    lost: guard(),
    release: async () => {
      released = true
      await held.release()
    },
  }
}
