import { readDatabaseId } from '../platform/db/history.ts'
import type { Slice } from '../slice.ts'
import { createIndexWorker, type IndexWorker } from './indexing/worker.ts'
import { openSearch, type Search } from './open.ts'

declare module '../context.ts' {
  interface Services {
    search: Search & { worker: IndexWorker }
  }
}

export const search: Slice = {
  name: 'search',
  async open({ config, pool, sql, log }, hooks) {
    const search = await openSearch(config, pool, await readDatabaseId(sql), log)
    const worker = createIndexWorker({ pool, search, log })
    hooks.on('changesMarked', () => worker.wake())
    return {
      service: { search: { ...search, worker } },
      parts: { Search: search.index.description },
      async close() {
        await worker.close()
        await search.close()
      },
    }
  },
}
