import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

const meilisearch = inject('meilisearch')

/** The environment of a server that searches with Meilisearch, in an index of its own. */
export function meilisearchEnv({ url, key }: { url: string; key: string }): Record<string, string> {
  return { MEILI_URL: url, MEILI_KEY: key, MEILI_INDEX: `test_${randomBytes(6).toString('hex')}` }
}

/** What every test of search runs on. */
export const backEnds = [
  { name: 'PostgreSQL', env: { MEILI_URL: '' } },
  ...(meilisearch ? [{ name: 'Meilisearch', env: meilisearchEnv(meilisearch) }] : []),
]
