import { type EnqueuedTaskPromise, Meilisearch, MeilisearchApiError } from 'meilisearch'
import type { Logger } from 'pino'
import { refuse } from '../../errors.ts'
import { newId } from '../../platform/ids.ts'
import { documentFormat, type SearchDocument } from '../engine/document.ts'
import type { SearchIndex } from '../engine/search-index.ts'
import { meiliFilter, toMeiliDocument } from './query.ts'
import { searchInTiers } from './search.ts'
import { meiliSettings } from './settings.ts'

export interface MeiliOptions {
  url: string
  key: string | undefined
  uid: string
  /** Of the database: the index of another history is none. */
  databaseId: string
  log: Logger
}

const patienceMs = 2_000
// What the engine compresses it sends in pieces, and the second waits 40 ms for the first to be acknowledged.
const plainAnswers = { headers: { 'accept-encoding': 'identity' } }
const writePatienceMs = 30_000
// Below the lease of a batch.
const taskPatienceMs = 60_000

/** Says which filling of the index this is; it is lost with the index, and moves with it. */
const markerId = 'generation'

export function createMeiliIndex({ url, key, uid, databaseId, log }: MeiliOptions): SearchIndex {
  const access = { host: url, ...(key ? { apiKey: key } : {}) }
  const client = new Meilisearch({ ...access, timeout: writePatienceMs })
  const index = client.index(uid)
  const searched = new Meilisearch({ ...access, timeout: patienceMs, requestInit: plainAnswers }).index(uid)
  const family = `meilisearch ${documentFormat} ${databaseId} `
  let settled = false

  async function readGeneration(): Promise<string | null> {
    try {
      const { generation } = await index.getDocument<{ generation: string }>(markerId)
      return generation.startsWith(family) ? generation : null
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  async function begin(): Promise<string> {
    await finished(client.createIndex(uid, { primaryKey: 'id' })).catch(unlessThere)
    await finished(index.updateSettings(meiliSettings))
    await finished(index.addDocuments([{ id: markerId, generation: family + newId() }]))
    const generation = await readGeneration()
    if (!generation) throw new Error('The search index does not keep what it is given.')
    log.info({ index: uid }, 'the search index is new and will be filled')
    return generation
  }

  return {
    entryKind: 'meilisearch',
    description: `Meilisearch at ${new URL(url).host}`,

    async prepare() {
      const generation = (await readGeneration()) ?? (await begin())
      if (!settled) await finished(index.updateSettings(meiliSettings))
      settled = true
      return generation
    },

    async apply(documents, removedIds) {
      // One after the other in the engine's own queue, too.
      const tasks: EnqueuedTaskPromise[] = []
      for (const some of bySize(documents)) tasks.push(index.addDocuments(some.map(toMeiliDocument)))
      if (removedIds.length > 0) tasks.push(index.deleteDocuments(removedIds))
      await Promise.all(tasks.map(finished))
    },

    async search(query, filter, after, limit) {
      try {
        return await searchInTiers(searched, query, meiliFilter(filter), after, limit)
      } catch (error) {
        log.warn({ err: error }, 'the search index does not answer')
        throw refuse('SEARCH_UNAVAILABLE', 'Search is down; everything else works.')
      }
    },
  }
}

/** Waits until the engine has done it; fails when it has not. */
export async function finished(enqueued: EnqueuedTaskPromise): Promise<void> {
  const task = await enqueued.waitTask({ timeout: taskPatienceMs, interval: 20 })
  if (task.status !== 'succeeded') throw new Error(`${task.type}: ${task.error?.message ?? task.status}`)
}

// The engine takes 100 MB at once.
const batchMax = 20_000_000

function bySize(documents: SearchDocument[]): SearchDocument[][] {
  const batches: SearchDocument[][] = []
  let room = 0
  for (const document of documents) {
    const size = Object.values(document.entry).reduce((sum, words) => sum + words.length, 0)
    if (room < size) {
      batches.push([])
      room = batchMax
    }
    batches.at(-1)?.push(document)
    room -= size
  }
  return batches
}

const codeOf = (error: unknown) => (error instanceof MeilisearchApiError ? error.cause?.code : undefined)

const isMissing = (error: unknown) =>
  codeOf(error) === 'index_not_found' || codeOf(error) === 'document_not_found'

/** The task itself fails when somebody else was faster. */
function unlessThere(error: unknown): void {
  if (!(error instanceof Error) || !/already exists/.test(error.message)) throw error
}
