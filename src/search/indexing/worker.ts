import type pg from 'pg'
import type { Logger } from 'pino'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { createRest } from '../../platform/duty-cycle.ts'
import type { SearchIndex } from '../engine.ts'
import { indexBatch, markWhatIsBehind, searchTopic } from './batch.ts'

/** Brings the index up to the messages, behind everybody's back. */
export interface IndexWorker {
  /** Something was written: look soon. */
  wake(): void
  /** How far behind it is. */
  lag(): Promise<IndexLag>
  close(): Promise<void>
}

export interface IndexLag {
  /** Whether the index answers. */
  up: boolean
  conversations: number
  /** Since when the oldest of them waits. */
  seconds: number
}

const pollMs = 1_000
const gatherMs = 50
const checkMs = 5_000
const retryMaxMs = 30_000
// An engine of its own may take long over a batch, at no cost to this process.
const restMaxMs = 2_000

export function createIndexWorker(parts: { pool: pg.Pool; index: SearchIndex; log: Logger }): IndexWorker {
  const { pool, index, log } = parts
  const sql = poolSql(pool)
  let generation: string | null = null
  let checkedAt = 0
  const rest = createRest(restMaxMs)
  let failures = 0
  let closed = false
  let running: Promise<void> | null = null
  let timer = setTimeout(start, 0)

  function start(): void {
    running = turn().then(again)
  }

  function again(restMs: number): void {
    running = null
    if (!closed) timer = setTimeout(start, restMs)
  }

  /** One batch; returns how long to rest. */
  async function turn(): Promise<number> {
    const began = Date.now()
    try {
      await check()
      const done = await indexBatch(sql, index, generation as string)
      failures = 0
      return done > 0 ? rest.after(Date.now() - began) : pollMs
    } catch (error) {
      if (closed) return 0
      failures += 1
      generation = null
      const retryMs = Math.min(retryMaxMs, pollMs * 2 ** (failures - 1))
      log.warn({ err: error, retryMs }, 'the search index could not be brought up to date')
      return retryMs
    }
  }

  /** Looks, now and then, whether the index is still the one that was filled. */
  async function check(): Promise<void> {
    if (generation !== null && Date.now() - checkedAt < checkMs) return
    const found = await index.prepare()
    if (found !== generation) await markWhatIsBehind(sql, found)
    generation = found
    checkedAt = Date.now()
  }

  return {
    wake() {
      if (closed || running || failures > 0) return
      clearTimeout(timer)
      timer = setTimeout(start, gatherMs)
    },
    lag: async () => ({ up: failures === 0 && generation !== null, ...(await waiting(sql)) }),
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}

async function waiting(sql: Sql): Promise<{ conversations: number; seconds: number }> {
  const [row] = await sql.query<{ conversations: number; seconds: number }>(
    `select count(distinct conversation_id) as conversations,
            coalesce(extract(epoch from clock_timestamp() - min(marked_at)), 0)::float8 as seconds
     from outbox_mark where topic = $1`,
    [searchTopic],
  )
  return row ?? { conversations: 0, seconds: 0 }
}
