import { noFilter, type Scope } from '../../src/search/engine/search-index.ts'
import { meiliFilter, meiliQuery } from '../../src/search/meilisearch/query.ts'
import { readQuery } from '../../src/search/text/terms.ts'
import type { Person } from '../population.ts'

/** Latencies of one query, in milliseconds. */
export interface Latency {
  p50: number
  p99: number
  found: number
}

const rounds = 200
const warmUps = 10
const pageSize = 20

const document = `query ($query: String!) {
  searchMessages(query: $query, first: ${pageSize}) {
    edges { node { message { id seq sentAt } conversation { id } highlights { snippet ranges { start length } } } }
  }
}`

/** Sequential searches through the API. */
export function askParlance(
  url: string,
  { accessTokens: [token] }: Person,
  queries: string[],
): Promise<Latency[]> {
  return askAll(queries, async (query) => {
    const answer = await post(`${url}/graphql`, token, { query: document, variables: { query } })
    return answer.data.searchMessages.edges.length
  })
}

/** The same query and filter sent to the engine directly; it returns only ids. */
export function askMeilisearch(
  { url, key, uid }: { url: string; key: string; uid: string },
  scopes: Scope[],
  queries: string[],
): Promise<Latency[]> {
  const filter = meiliFilter({ ...noFilter, scopes })
  return askAll(queries, async (query) => {
    const q = meiliQuery(readQuery(query)).starts
    const body = { q, filter, limit: pageSize, matchingStrategy: 'all', attributesToRetrieve: ['id'] }
    return (await post(`${url}/indexes/${uid}/search`, key, body)).hits.length
  })
}

async function askAll(queries: string[], ask: (query: string) => Promise<number>): Promise<Latency[]> {
  const latencies: Latency[] = []
  for (const query of queries) {
    const times: number[] = []
    let found = 0
    for (let round = -warmUps; round < rounds; round += 1) {
      const since = performance.now()
      found = await ask(query)
      if (round >= 0) times.push(performance.now() - since)
    }
    times.sort((one, other) => one - other)
    const at = (part: number) => times[Math.floor(times.length * part)] ?? 0
    latencies.push({ p50: at(0.5), p99: at(0.99), found })
  }
  return latencies
}

export const latencyText = ({ p50, p99, found }: Latency) =>
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${found} found`

// biome-ignore lint/suspicious/noExplicitAny: responses of two servers have different shapes, known where they are read.
async function post(url: string, token: string | undefined, body: object): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response.json()
}
