import type pg from 'pg'
import type { Logger } from 'pino'
import { pollBatches } from '../../conversation/outbox/batches.ts'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import type { SearchIndex } from '../engine/search-index.ts'
import { indexBatch, markOutdated, searchConsumer, searchTopic } from './batch.ts'
import type { Indexing } from './documents.ts'

/** Updates the index in the background. */
export interface IndexWorker {
  /** Whether the index answers. */
  readonly up: boolean
  /** Messages have changed. */
  wake(): void
  /** How far the index lags behind. */
  lag(): Promise<IndexLag>
  close(): Promise<void>
}

export interface IndexLag {
  /** Whether the index is reachable. */
  up: boolean
  /** Conversations that are not indexed completely. */
  conversations: number
  /** Age of the oldest change that is not indexed. */
  seconds: number
}

const pollMs = 1_000
const debounceMs = 50
const checkMs = 5_000
const pauseMaxMs = 2_000

export function createIndexWorker(parts: { pool: pg.Pool; search: Indexing; log: Logger }): IndexWorker {
  const { pool, search, log } = parts
  const sql = poolSql(pool)
  const consumer = searchConsumer(sql)
  let generation: string | null = null
  let checkedAt = 0

  let waitedMs = 0

  /** Applies a batch; the time of an external index is no work of this server. */
  const apply: SearchIndex['apply'] = async (documents, removedIds) => {
    const began = performance.now()
    await search.index.apply(documents, removedIds)
    if (search.index.isExternal) waitedMs = performance.now() - began
  }

  const measured: Indexing = { ...search, index: { ...search.index, apply } }

  async function batch(): Promise<number> {
    waitedMs = 0
    try {
      return await indexBatch(sql, consumer, measured, await check())
    } catch (error) {
      generation = null
      throw error
    }
  }

  /** Checks every few seconds whether the index is still the one that was filled. */
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
    waitedMs: () => waitedMs,
    pollMs,
    pauseMaxMs,
    debounceMs,
    log,
    failure: 'search index update failed, will retry',
  })
  const isUp = () => !poller.failing && generation !== null
  return {
    wake: poller.wake,
    get up() {
      return isUp()
    },
    lag: async () => ({ up: isUp(), ...(await waiting(sql)) }),
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
