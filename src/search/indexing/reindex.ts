import { Meilisearch } from 'meilisearch'
import type { Sql } from '../../platform/db/sql.ts'
import { createMeiliIndex, type MeiliOptions } from '../meilisearch/search-index.ts'
import { waitForTask } from '../meilisearch/wait-for-task.ts'
import { createTextProcessor } from '../processing/processor.ts'
import { indexNext, markOutdated, searchConsumer } from './batch.ts'

export interface Reindexed {
  /** Indexed and total number of message versions. */
  done: number
  all: number
}

/**
 * Fills a second index from the database and swaps it with the first, which serves until then. Progress is stored, so a
 * restart resumes. Running servers detect the new index and add later changes.
 */
export async function reindex(
  sql: Sql,
  options: MeiliOptions,
  report: (state: Reindexed) => void,
): Promise<void> {
  const index = createMeiliIndex({ ...options, uid: `${options.uid}_rebuild` })
  const texts = createTextProcessor()
  const generation = await index.prepare()
  // A topic of its own, because the marks of the servers' topic are for the index that serves.
  const consumer = searchConsumer(sql, `search ${generation}`)
  while ((await sweep(() => readState(sql, generation).then(report))) > 0);
  await swap(options)
  await markOutdated(sql, generation)
  await sql.query('delete from search_progress where generation <> $1', [generation])
  await texts.close()

  /** Indexes all outdated conversations once; returns how many there were. */
  async function sweep(reportState: () => Promise<void>): Promise<number> {
    let found = 0
    for (let after: string | null = ''; after !== null; ) {
      const batch = await indexNext(sql, consumer, { index, texts }, generation, after)
      await reportState()
      found += batch.count
      after = batch.after
    }
    return found
  }
}

async function readState(sql: Sql, generation: string): Promise<Reindexed> {
  const [state] = await sql.query<Reindexed>(
    `select coalesce(sum(c.version), 0)::float8 as "all", coalesce(sum(p.version), 0)::float8 as done
     from conversation c left join search_progress p on p.generation = $1 and p.conversation_id = c.id`,
    [generation],
  )
  return state ?? { done: 0, all: 0 }
}

async function swap({ url, key, uid }: MeiliOptions): Promise<void> {
  const client = new Meilisearch({ host: url, ...(key ? { apiKey: key } : {}) })
  await waitForTask(client, client.createIndex(uid, { primaryKey: 'id' })).catch(() => {})
  await waitForTask(client, client.swapIndexes([{ indexes: [uid, `${uid}_rebuild`], rename: false }]))
  await waitForTask(client, client.deleteIndex(`${uid}_rebuild`))
}
