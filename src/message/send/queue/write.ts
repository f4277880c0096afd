import type pg from 'pg'
import type { Config } from '../../../config.ts'
import { KeyRace } from '../../../conversation/append/append.ts'
import { Refusal } from '../../../errors.ts'
import type { AppHooks } from '../../../hooks.ts'
import { onLiveConnection } from '../../../platform/db/transaction/begin.ts'
import { DeadlinePassed, writeBatch } from '../batch.ts'
import type { Outcomes, SendRequest } from '../request.ts'

export interface WriteParts {
  pool: pg.Pool
  config: Config
  hooks: AppHooks
}

/** What a batch is written with: its requests, and how it treats conversations that are locked. */
export interface BatchToWrite {
  requests: SendRequest[]
  /** Wait for locks instead of skipping the conversations that are locked. */
  wait: boolean
  /** Time until the earliest deadline of the requests. */
  leftMs(): number
}

/** Writes a batch on a connection of the pool. If the connection was lost before it began, another one is used. */
export function writeOnConnection(
  { pool, config, hooks }: WriteParts,
  { requests, wait, leftMs }: BatchToWrite,
): Promise<Outcomes> {
  let hasBegun = false
  const options = {
    config,
    hooks,
    wait,
    leftMs() {
      hasBegun = true
      return leftMs()
    },
  }
  return onLiveConnection(
    async () => {
      const client = await pool.connect()
      let failure: unknown
      try {
        return await writeBatch(client, requests, options)
      } catch (error) {
        failure = error
        throw error
      } finally {
        // A connection of unknown state is closed.
        client.release(failure !== undefined && !isRolledBack(failure))
      }
    },
    () => hasBegun,
  )
}

/** Nothing was stored, and the same batch may succeed. */
export const mayRetry = (failure: unknown) => failure instanceof KeyRace || failure instanceof DeadlinePassed

const isRolledBack = (failure: unknown) => mayRetry(failure) || isDataError(failure)

/** SQLSTATE classes 22 and 23: a bad value or a broken constraint, so that the connection is still usable. */
export function isDataError(error: unknown): boolean {
  if (error instanceof Refusal || typeof error !== 'object' || error === null || !('code' in error))
    return false
  return typeof error.code === 'string' && /^2[23]/.test(error.code)
}
