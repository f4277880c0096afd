import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

const meilisearch = inject('meilisearch')

/** Environment of a server that uses Meilisearch, with an index of its own. */
export function meilisearchEnv({ url, key }: { url: string; key: string }): Record<string, string> {
  return { MEILI_URL: url, MEILI_KEY: key, MEILI_INDEX: `test_${randomBytes(6).toString('hex')}` }
}

/** The search back ends that tests run on. */
export const backEnds = [
  { name: 'PostgreSQL', env: { MEILI_URL: '' } },
  ...(meilisearch ? [{ name: 'Meilisearch', env: meilisearchEnv(meilisearch) }] : []),
]
