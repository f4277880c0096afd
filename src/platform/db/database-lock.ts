import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { DatabaseTakenError, holdServerLock, type LockMode, type ServerLock } from './lock.ts'

const retryMs = 250

/**
 * Claims the database, and takes the claim again when it is lost: a server outlives the restart of its database. While
 * the database is away nobody can claim it; once it is back, whoever is first goes on and the other stops. Nor does it
 * go on when a copy has taken the place of the database, such as a standby.
 */
export async function keepClaim(
  connection: pg.ClientConfig,
  patience: number,
  mode: LockMode,
): Promise<ServerLock> {
  let held = await holdServerLock(connection, patience, mode)
  const { history } = held
  let released = false

  const guard = async (): Promise<Error> => {
    await held.lost
    await held.release()
    while (!released) {
      await pause(retryMs, undefined, { ref: false })
      try {
        held = await holdServerLock(connection, patience, mode)
        if (released) await held.release()
        // What was told of the other history may not be in this one. A new start gives cursors a new epoch.
        if (held.history !== history) return new Error('The database is another one now, or an older copy.')
        return guard()
      } catch (error) {
        if (error instanceof DatabaseTakenError && !error.byOurselves) return error
      }
    }
    return new Error('The claim was released.')
  }

  return {
    history,
    lost: guard(),
    release: async () => {
      released = true
      await held.release()
    },
  }
}
