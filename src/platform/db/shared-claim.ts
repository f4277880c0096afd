import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { DatabaseTakenError, holdServerLock, type ServerLock } from './lock.ts'

const retryMs = 1_000

/**
 * Claims the database together with every server on the same bus, so that one without a bus is kept out. A claim
 * that is lost is taken again: servers that share a database outlive its restart.
 */
export async function shareDatabase(connection: pg.ClientConfig, patience: number): Promise<ServerLock> {
  let held = await holdServerLock(connection, patience, 'SHARED')
  let released = false

  const guard = async (): Promise<Error> => {
    await held.lost
    await held.release()
    while (!released) {
      await pause(retryMs, undefined, { ref: false })
      try {
        held = await holdServerLock(connection, patience, 'SHARED')
        if (released) await held.release()
        return guard()
      } catch (error) {
        if (error instanceof DatabaseTakenError) return error
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
