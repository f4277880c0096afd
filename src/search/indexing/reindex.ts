import { Meilisearch } from 'meilisearch'
import type { Sql } from '../../platform/db/sql.ts'
import { createMeiliIndex, finished, type MeiliOptions } from '../meilisearch/index.ts'
import { beginEverything, indexNext, markWhatIsBehind } from './batch.ts'

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
  const fresh = createMeiliIndex({ ...options, uid: `${options.uid}_rebuild` })
  const generation = await fresh.prepare()
  for (let found = 1; found > 0; ) {
    await beginEverything(sql, generation)
    found = await sweep(() => readState(sql, generation).then(report))
  }
  await takeOver(options)
  await markWhatIsBehind(sql, generation)
  await sql.query('delete from search_progress where generation <> $1', [generation])

  /** Once through all conversations; returns how many were behind. */
  async function sweep(tell: () => Promise<void>): Promise<number> {
    let found = 0
    let after = ''
    for (;;) {
      const batch = await indexNext(sql, fresh, generation, after)
      await tell()
      if (batch.count === 0) return found
      found += batch.count
      after = batch.finishedUpTo ?? after
    }
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
