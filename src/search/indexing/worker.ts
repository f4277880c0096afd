import type pg from 'pg'
import type { Logger } from 'pino'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { pollBatches } from '../../platform/outbox/batches.ts'
import type { Search } from '../open.ts'
import { indexBatch, markOutdated, searchConsumer, searchTopic } from './batch.ts'

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
const debounceMs = 50
const checkMs = 5_000
// An engine of its own may take long over a batch, at no cost to this process.
const pauseMaxMs = 2_000

export function createIndexWorker(parts: { pool: pg.Pool; search: Search; log: Logger }): IndexWorker {
  const { pool, search, log } = parts
  const sql = poolSql(pool)
  const consumer = searchConsumer(sql)
  let generation: string | null = null
  let checkedAt = 0

  async function batch(): Promise<number> {
    try {
      return await indexBatch(sql, consumer, search, await check())
    } catch (error) {
      generation = null
      throw error
    }
  }

  /** Looks, now and then, whether the index is still the one that was filled. */
  async function check(): Promise<string> {
    if (generation !== null && Date.now() - checkedAt < checkMs) return generation
    const found = await search.index.prepare()
    if (found !== generation) await markOutdated(sql, found)
    generation = found
    checkedAt = Date.now()
    return found
  }

  const poller = pollBatches({
    batch,
    pollMs,
    pauseMaxMs,
    debounceMs,
    log,
    failure: 'the search index could not be brought up to date',
  })
  return {
    wake: poller.wake,
    lag: async () => ({ up: !poller.failing && generation !== null, ...(await waiting(sql)) }),
    close: poller.close,
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
