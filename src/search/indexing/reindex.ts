import { Meilisearch } from 'meilisearch'
import type { Sql } from '../../platform/db/sql.ts'
import { createMeiliIndex, finished, type MeiliOptions } from '../meilisearch/search-index.ts'
import { createTextProcessor } from '../processing/processor.ts'
import { indexNext, markOutdated, searchConsumer } from './batch.ts'

export interface Reindexed {
  /** In changes of messages; an edited message counts as often as it was changed. */
  done: number
  all: number
}

/**
 * Fills a second index from the database and puts it in the place of the first, which serves until then. What was
 * done is kept: started again, it goes on where it was. A server that runs meanwhile notices and adds what it missed.
 */
export async function reindex(
  sql: Sql,
  options: MeiliOptions,
  report: (state: Reindexed) => void,
): Promise<void> {
  const index = createMeiliIndex({ ...options, uid: `${options.uid}_rebuild` })
  const texts = createTextProcessor()
  const generation = await index.prepare()
  // Another topic than that of the servers: their marks are for the index that serves.
  const consumer = searchConsumer(sql, `search ${generation}`)
  while ((await sweep(() => readState(sql, generation).then(report))) > 0);
  await takeOver(options)
  await markOutdated(sql, generation)
  await sql.query('delete from search_progress where generation <> $1', [generation])
  await texts.close()

  /** Once through all conversations; returns how many were behind. */
  async function sweep(tell: () => Promise<void>): Promise<number> {
    let found = 0
    for (let after: string | null = ''; after !== null; ) {
      const batch = await indexNext(sql, consumer, { index, texts }, generation, after)
      await tell()
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

async function takeOver({ url, key, uid }: MeiliOptions): Promise<void> {
  const client = new Meilisearch({ host: url, ...(key ? { apiKey: key } : {}) })
  await finished(client.createIndex(uid, { primaryKey: 'id' })).catch(() => {})
  await finished(client.swapIndexes([{ indexes: [uid, `${uid}_rebuild`], rename: false }]))
  await finished(client.deleteIndex(`${uid}_rebuild`))
}
