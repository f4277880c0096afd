import { newId } from '../../src/platform/ids.ts'
import type { Person } from '../population.ts'
import { median, type Row } from '../report.ts'
import type { Run } from '../run.ts'
import { openSite, type Site } from './site.ts'

/** What is asked, by whom, and the allowed ratio to ten thousand messages. */
interface Deed {
  what: string
  /** Whether it needs the search index. */
  isSearch?: true
  aim: Row['aim']
  viewer(site: Site): Person
  question(site: Site): { query: string; variables: Record<string, unknown> }
}

const search = (words: string) => () => ({
  query: `query ($words: String!) {
    searchMessages(query: $words, first: 20) { edges { node { message { id seq } highlights { snippet } } } }
  }`,
  variables: { words },
})

const reader = (site: Site) => site.reader
const writer = (site: Site) => site.writer

const searches = {
  'search, a common word': 'meeting',
  'search, an absent word': 'xylophonist',
  'search, a rare word': 'zambito',
  'search, a prefix': 'repor',
  'search, a typo': 'meetnig',
}

const deeds: Deed[] = [
  {
    what: 'send',
    aim: { atMost: 1.2 },
    viewer: writer,
    question: ({ conversationId }) => ({
      query: 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id seq } } }',
      variables: { input: { conversationId, clientMessageId: newId(), content: { text: 'hello' } } },
    }),
  },
  {
    what: 'page of 20 messages',
    aim: { atMost: 1.2 },
    viewer: reader,
    question: ({ conversationId }) => ({
      query: `query ($id: ID!) { conversation(id: $id) { messages(last: 20) { edges { node { id plainText } } } } }`,
      variables: { id: conversationId },
    }),
  },
  {
    what: 'changes after a version',
    aim: { atMost: 1.2 },
    viewer: reader,
    question: ({ conversationId }) => ({
      query: `query ($id: ID!) { conversation(id: $id) { changes(afterVersion: 900, first: 20) { messages { id version } } } }`,
      variables: { id: conversationId },
    }),
  },
  ...Object.entries(searches).map(([what, words]) => ({
    what,
    isSearch: true as const,
    aim: { atMost: 3 },
    viewer: reader,
    question: search(words),
  })),
  // Here what the viewer may read grows, too.
  ...Object.entries(searches).map(([what, words]) => ({
    what: `${what}, in all messages`,
    isSearch: true as const,
    aim: null,
    viewer: writer,
    question: search(words),
  })),
]

/** Response times with ten thousand messages and with a million, by turns. */
export async function measureSize(run: Run): Promise<Row[]> {
  const small = await openSite(run, 10_000)
  const large = await openSite(run, run.messages)
  const { indexBytes } = large
  const rows = []
  for (const deed of deeds)
    if (!deed.isSearch || indexBytes !== null)
      rows.push(...rowsOf(deed, await timesOf(deed, [small, large]), [small, large]))
  if (indexBytes !== null) rows.push(sizeRow(small.indexBytes ?? Number.NaN, indexBytes, small.size))
  return rows
}

const rounds = 60
const warmUps = 10

async function timesOf(deed: Deed, sites: Site[]): Promise<number[][]> {
  const times = sites.map((): number[] => [])
  for (let round = -warmUps; round < rounds; round += 1)
    for (const [place, site] of sites.entries()) {
      const since = performance.now()
      await ask(site, deed)
      if (round >= 0) times[place]?.push(performance.now() - since)
    }
  return times
}

async function ask({ server, ...site }: Site, { viewer, question }: Deed): Promise<void> {
  const whole = { server, ...site }
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${viewer(whole).accessTokens[0]}`,
    },
    body: JSON.stringify(question(whole)),
  })
  const { errors } = (await response.json()) as { errors?: unknown }
  if (errors) throw new Error(JSON.stringify(errors))
}

function rowsOf({ what, aim }: Deed, times: number[][], sites: Site[]): Row[] {
  const [base = []] = times
  return times.slice(1).map((ours, index) => ({
    what: `${what}, ${sites[index + 1]?.size.toLocaleString('en')} messages`,
    ours: `${median(ours).toFixed(1)} ms`,
    floor: `${median(base).toFixed(1)} ms with ${sites[0]?.size.toLocaleString('en')}`,
    ratio: median(ours) / median(base),
    aim,
    values: { ours, floor: base },
    point: {
      curve: what,
      sizes: 'messages',
      x: sites[index + 1]?.size ?? 0,
      unit: 'ms',
      ours: median(ours),
      floor: median(base),
    },
  }))
}

const sizeRow = (small: number, large: number, size: number): Row => ({
  what: 'search index, bytes per message',
  ours: `${Math.round(large)} bytes`,
  floor: `${Math.round(small)} bytes with ${size.toLocaleString('en')}`,
  ratio: large / small,
  aim: null,
})
