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
 * Locks the database, and again when the lock is lost, so that the server survives a restart of the database and a
 * failover. When the database is back, the first server to lock it continues and others stop. `isSame` detects a
 * different database at the same address.
 */
export async function keepDatabaseLock(
  connection: pg.ClientConfig,
  patience: number,
  mode: LockMode,
  isSame: () => Promise<boolean>,
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
        else if (!(await isSame())) return new Error('DATABASE_URL now leads to a different database.')
        return guard()
      } catch (error) {
        if (error instanceof DatabaseInUseError && !error.isOwn) return error
      }
    }
    return new Error('The database lock was released.')
  }

  return {
    lost: guard(),
    release: async () => {
      released = true
      await held.release()
    },
  }
}
