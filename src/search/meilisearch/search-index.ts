import { type EnqueuedTaskPromise, Meilisearch, MeilisearchApiError } from 'meilisearch'
import type { Logger } from 'pino'
import { refuse } from '../../errors.ts'
import { newId } from '../../platform/ids.ts'
import { documentFormat, type SearchDocument } from '../engine/document.ts'
import type { SearchIndex } from '../engine/search-index.ts'
import { toMeiliDocument } from './query.ts'
import { searchInTiers } from './search.ts'
import { meiliSettings } from './settings.ts'
import { waitForTask } from './wait-for-task.ts'

export interface MeiliOptions {
  url: string
  key: string | undefined
  uid: string
  /** An index that was filled from another database is not used. */
  databaseId: string
  log: Logger
}

const searchTimeoutMs = 2_000
// Compressed responses come in two packets, the second of which waits 40 ms for a delayed acknowledgement.
const uncompressed = { headers: { 'accept-encoding': 'identity' } }
const writeTimeoutMs = 30_000

/** Document that stores the generation, so that the generation is lost or swapped together with the index. */
const markerId = 'generation'

export function createMeiliIndex({ url, key, uid, databaseId, log }: MeiliOptions): SearchIndex {
  const access = { host: url, ...(key ? { apiKey: key } : {}) }
  const client = new Meilisearch({ ...access, timeout: writeTimeoutMs })
  const index = client.index(uid)
  const searched = new Meilisearch({ ...access, timeout: searchTimeoutMs, requestInit: uncompressed }).index(
    uid,
  )
  const generationPrefix = `meilisearch ${documentFormat} ${databaseId} `
  let hasSettings = false

  async function readGeneration(): Promise<string | null> {
    try {
      const { generation } = await index.getDocument<{ generation: string }>(markerId)
      return generation.startsWith(generationPrefix) ? generation : null
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  async function createGeneration(): Promise<string> {
    await waitForTask(client, client.createIndex(uid, { primaryKey: 'id' })).catch(ignoreExisting)
    await waitForTask(client, index.updateSettings(meiliSettings))
    await waitForTask(client, index.addDocuments([{ id: markerId, generation: generationPrefix + newId() }]))
    const generation = await readGeneration()
    if (!generation) throw new Error('The search index does not store documents.')
    log.info({ index: uid }, 'search index created, indexing all messages')
    return generation
  }

  return {
    isExternal: true,
    entryKind: 'meilisearch',
    description: `Meilisearch at ${new URL(url).host}`,

    async prepare() {
      const generation = (await readGeneration()) ?? (await createGeneration())
      if (!hasSettings) await waitForTask(client, index.updateSettings(meiliSettings))
      hasSettings = true
      return generation
    },

    async apply(documents, removedIds) {
      // Meilisearch processes its queue in order.
      const tasks: EnqueuedTaskPromise[] = []
      for (const part of bySize(documents)) tasks.push(index.addDocuments(part.map(toMeiliDocument)))
      if (removedIds.length > 0) tasks.push(index.deleteDocuments(removedIds))
      await Promise.all(tasks.map((task) => waitForTask(client, task)))
    },

    async search(request, after, limit) {
      try {
        return await searchInTiers(searched, request, after, limit)
      } catch (error) {
        log.warn({ err: error }, 'search index unavailable')
        throw refuse('SEARCH_UNAVAILABLE', 'Search is unavailable; retry later.')
      }
    },
  }
}

// Meilisearch accepts requests of up to 100 MB.
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

/** Another server may have created the index at the same time. */
function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error) || !/already exists/.test(error.message)) throw error
}
