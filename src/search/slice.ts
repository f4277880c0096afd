import { readDatabaseId } from '../platform/db/history.ts'
import type { Slice } from '../slice.ts'
import type { SearchIndex } from './engine.ts'
import { createIndexWorker, type IndexWorker } from './indexing/worker.ts'
import { openSearchIndex } from './open-engine.ts'

declare module '../context.ts' {
  interface Services {
    search: { index: SearchIndex; worker: IndexWorker }
  }
}

export const search: Slice = {
  name: 'search',
  async open({ config, pool, sql, log }, hooks) {
    const index = await openSearchIndex(config, pool, await readDatabaseId(sql), log)
    const worker = createIndexWorker({ pool, index, log })
    hooks.on('changesMarked', () => worker.wake())
    return {
      service: { search: { index, worker } },
      parts: { Search: index.description },
      close: () => worker.close(),
    }
  },
}
