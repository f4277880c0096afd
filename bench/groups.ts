import pg from 'pg'
import { newId } from '../src/platform/ids.ts'
import type { Place } from './place.ts'
import { openPopulation, type Person, type Population } from './population.ts'
import { median, type Row } from './report.ts'
import type { Run } from './run.ts'
import { startParlance } from './server.ts'

/** The smallest is the floor. The largest leaves room for added members. */
const sizes = [10, 1_000, 99_000] as const
const added = 100

interface Group {
  id: string
  owner: Person
  members: Person[]
}

/** Sequential operations on a group, and the allowed ratio for a large one. */
interface Deed {
  what: string
  /** Number of repetitions. */
  rounds: number
  aim: Row['aim']
  perform(group: Group, round: number): Promise<unknown>
}

/** Response times of operations on groups of ten, a thousand and a hundred thousand members. */
export async function measureGroups(run: Run, place: Place): Promise<Row[]> {
  const server = await run.use(
    startParlance(place, {
      GROUP_ADDITIONS_FROM: 'everyone',
      LIMIT_GROUP_SIZE: '100000',
      LIMIT_STRANGERS_PER_DAY: '1000000',
      LIMIT_NEW_ACCOUNT_STRANGERS_PER_DAY: '1000000',
    }),
  )
  const population = await openPopulation(server.connection)
  const ask = asker(server.url)
  const groups = await makeGroups(population)
  const newcomers = await population.people(added * rounds.add, 0)
  await settle(server.connection)

  const rows: Row[] = []
  for (const deed of deeds(ask, newcomers)) {
    rows.push(...rowsOf(deed, await timesOf(deed, groups)))
  }
  await population.close()
  await server.stop()
  return rows
}

const rounds = { send: 200, read: 50, change: 20, add: 5 }

function deeds(ask: Ask, newcomers: Person[]): Deed[] {
  const atMost = (ratio: number) => ({ atMost: ratio })
  return [
    {
      what: 'send',
      rounds: rounds.send,
      aim: atMost(1.5),
      perform: (group) => ask(group.owner, send(group)),
    },
    {
      what: 'send to all',
      rounds: rounds.send,
      aim: atMost(1.5),
      perform: (group) => ask(group.owner, sendToAll(group)),
    },
    {
      what: 'list a page of 50 members',
      rounds: rounds.read,
      aim: atMost(3),
      perform: (group) => ask(group.owner, list(group, null)),
    },
    {
      what: 'search members, a rare name',
      rounds: rounds.read,
      aim: atMost(10),
      perform: (group) => ask(group.owner, list(group, 'Person 7.')),
    },
    {
      what: 'search members, a common name',
      rounds: rounds.read,
      aim: atMost(10),
      perform: (group) => ask(group.owner, list(group, 'son 1')),
    },
    {
      what: 'change a role',
      rounds: rounds.change,
      aim: atMost(1.5),
      perform: (group, round) => ask(group.owner, appoint(group, round)),
    },
    {
      what: `add ${added} members`,
      rounds: rounds.add,
      aim: atMost(2),
      perform: (group, round) => ask(group.owner, add(group, newcomers, round)),
    },
    // Grows with the group, because every member is notified.
    { what: 'dissolve', rounds: 1, aim: null, perform: (group) => ask(group.owner, dissolve(group)) },
  ]
}

async function makeGroups(population: Population): Promise<Group[]> {
  const groups: Group[] = []
  for (const size of sizes) {
    const [owner] = (await population.people(1)) as [Person]
    const members = await population.people(size - 1, 0)
    groups.push({ id: await population.group([owner, ...members]), owner, members })
  }
  return groups
}

/** Updates statistics, as autovacuum does in a database in use. */
async function settle(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
}

/** Median per group over the rounds, in milliseconds; groups alternate, because they share the machine. */
async function timesOf({ rounds: count, perform }: Deed, groups: Group[]): Promise<number[]> {
  const warmUps = count > 1 ? Math.ceil(count / 10) : 0
  const times = groups.map((): number[] => [])
  for (let round = 0; round < count; round += 1)
    for (const [place, group] of groups.entries()) {
      const since = performance.now()
      await perform(group, round)
      if (round >= warmUps) times[place]?.push(performance.now() - since)
    }
  return times.map(median)
}

function rowsOf({ what, aim }: Deed, [floor = Number.NaN, ...others]: number[]): Row[] {
  return others.map((time, index) => ({
    what: `${what}, ${sizes[index + 1]?.toLocaleString('en')} members`,
    ours: `${time.toFixed(1)} ms`,
    floor: `${floor.toFixed(1)} ms with ${sizes[0]}`,
    ratio: time / floor,
    aim,
  }))
}

interface Question {
  query: string
  variables: Record<string, unknown>
}

type Ask = (person: Person, question: Question) => Promise<void>

const asker =
  (url: string): Ask =>
  async ({ accessTokens: [token] }, question) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(question),
    })
    const { errors } = (await response.json()) as { errors?: unknown }
    if (errors) throw new Error(`${question.query}: ${JSON.stringify(errors)}`)
  }

const sendWith = (content: object, { id }: Group): Question => ({
  query: 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id seq } } }',
  variables: { input: { conversationId: id, clientMessageId: newId(), content } },
})

const send = (group: Group) => sendWith({ text: 'hello' }, group)

const sendToAll = (group: Group) =>
  sendWith({ richText: { parts: [{ mentionAll: { displayText: '@all' } }, { text: ' hello' }] } }, group)

const list = ({ id }: Group, name: string | null): Question => ({
  query: `query ($id: ID!, $name: String) {
    conversation(id: $id) {
      ... on GroupConversation { members(query: $name, first: 50) { edges { node { id role user { displayName } } } } }
    }
  }`,
  variables: { id, name },
})

const appoint = ({ id, members }: Group, round: number): Question => ({
  query:
    'mutation ($id: ID!, $userId: ID!, $role: GroupRole!) { setGroupMemberRole(input: { groupId: $id, userId: $userId, role: $role }) { member { id } } }',
  variables: { id, userId: members[5]?.userId, role: round % 2 ? 'MEMBER' : 'ADMIN' },
})

const add = ({ id }: Group, newcomers: Person[], round: number): Question => ({
  query:
    'mutation ($id: ID!, $userIds: [ID!]!) { addGroupMembers(input: { groupId: $id, userIds: $userIds }) { conversation { id } } }',
  variables: { id, userIds: newcomers.slice(round * added, (round + 1) * added).map(({ userId }) => userId) },
})

const dissolve = ({ id }: Group): Question => ({
  query: 'mutation ($id: ID!) { dissolveGroup(input: { groupId: $id }) { dissolvedConversationId } }',
  variables: { id },
})
