import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DocumentNode, print } from 'graphql'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { ask, codesOf } from '../../server/wire.ts'
import { eventually } from '../../world/eventually.ts'
import * as operations from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld, type World } from '../../world/world.ts'
import { compileRelay, typeCheck } from '../tools.ts'
import type { AppSettings, RelayApp, Screen } from './app.ts'

let createRelayApp: (settings: AppSettings) => RelayApp

beforeAll(async () => {
  await compileRelay()
  // Not part of this program: it has the types of browsers, and imports what the compiler makes.
  const app = './src/app.tsx'
  ;({ createRelayApp } = await import(app))
})

/** The documents of the test users, who send texts. */
const folder = mkdtempSync(join(tmpdir(), 'parlance-relay-'))
afterAll(() => rmSync(folder, { recursive: true }))
const ofTestUsers = join(folder, 'documents.json')
const texts = Object.entries(operations).map(([name, document]) => [name, print(document as DocumentNode)])
writeFileSync(ofTestUsers, JSON.stringify(Object.fromEntries(texts)))

const world = useWorld()
const onlyTrusted = useWorld({
  TRUSTED_DOCUMENTS: `${join(import.meta.dirname, 'generated/documents.json')}, ${ofTestUsers}`,
  TRUSTED_DOCUMENTS_MODE: 'only',
})

test('the documents of the Relay project fit the schema, and its code their types', () => typeCheck('relay'))

function opensApp(person: Person, idsOnly = false): RelayApp {
  const accessToken = () => person.credentials.accessToken
  const app = createRelayApp({ url: person.url, accessToken, webSocketImpl: WebSocket, idsOnly })
  onTestFinished(() => app.close())
  return app
}

const shows = (screen: Screen, rows: string[], buttons: string[]) =>
  eventually(() => expect([screen.rows(), screen.buttons()]).toEqual([rows, [...buttons, 'reload']]))

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`)

/** A conversation with nine messages after the one that starts it. */
async function arrange({ friends }: World = world) {
  const [alice, bob] = await friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const [start] = (await alice.history(id)) ?? []
  for (const text of numbers(1, 9)) await bob.sends(id, text)
  return { alice, bob, id, start: start?.plainText ?? '' }
}

/** Each object is in the store once, under its id, as what the server says it is. */
async function expectOneRecordForEachId(app: RelayApp, person: Person) {
  const objects = app.objects()
  const ids = objects.map(({ id }) => id)
  expect(objects.map(({ key }) => key)).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'
  const { body } = await ask(world.url, query, person.credentials.accessToken, { ids })
  expect(body.data).toEqual({ nodes: objects.map(({ id, type }) => ({ __typename: type, id })) })
}

describe('usePaginationFragment on messages', () => {
  test('pages backward from the newest message, and shows one that arrives meanwhile once', async () => {
    const { alice, bob, id, start } = await arrange()
    const app = opensApp(alice)
    app.receiveEvents(await alice.syncCursor())
    const screen = app.history(id, { last: 3 })
    await shows(screen, numbers(7, 9), ['earlier'])
    screen.press('earlier')
    await shows(screen, numbers(4, 9), ['earlier'])
    await bob.sends(id, 'message 10')
    await shows(screen, numbers(4, 10), ['earlier'])
    screen.press('earlier')
    await shows(screen, numbers(1, 10), ['earlier'])
    screen.press('earlier')
    await shows(screen, [start, ...numbers(1, 10)], [])
    await expectOneRecordForEachId(app, alice)
  })

  test('pages forward from the oldest message, and shows one that arrives meanwhile at its end', async () => {
    const { alice, bob, id, start } = await arrange()
    const app = opensApp(alice)
    app.receiveEvents(await alice.syncCursor())
    const screen = app.history(id, { first: 4 })
    await shows(screen, [start, ...numbers(1, 3)], ['later'])
    await bob.sends(id, 'message 10')
    await eventually(() => expect(app.received).toContain('MessagesChanged'))
    screen.press('later')
    await shows(screen, [start, ...numbers(1, 6)], ['later'])
    screen.press('later')
    await shows(screen, [start, ...numbers(1, 9)], ['later'])
    screen.press('later')
    await shows(screen, [start, ...numbers(1, 10)], [])
    await expectOneRecordForEachId(app, alice)
  })

  test('pages from the middle to both ends', async () => {
    const { alice, id, start } = await arrange()
    const query = '{ messages: conversation(id: $id) { messages(first: 7) { edges { cursor } } } }'
    const { body } = await ask(world.url, `query ($id: ID!) ${query}`, alice.credentials.accessToken, { id })
    const { edges } = (body.data as { messages: { messages: { edges: { cursor: string }[] } } }).messages
      .messages
    const screen = opensApp(alice).history(id, { last: 3, before: edges[6]?.cursor })
    await shows(screen, numbers(3, 5), ['earlier', 'later'])
    screen.press('later')
    await shows(screen, numbers(3, 8), ['earlier', 'later'])
    screen.press('earlier')
    await shows(screen, [start, ...numbers(1, 8)], ['later'])
    screen.press('later')
    await shows(screen, [start, ...numbers(1, 9)], [])
  })

  test('refetches the conversation by its id, with edits that no event reported', async () => {
    const { alice, bob, id } = await arrange()
    const app = opensApp(alice)
    const screen = app.history(id, { last: 3 })
    await shows(screen, numbers(7, 9), ['earlier'])
    await bob.edits(await bob.sends(id, 'mesage 10'), 'message 10')
    screen.press('reload')
    await shows(screen, numbers(8, 10), ['earlier'])
    expect(app.requests).toEqual(['historyScreenQuery', 'historyPageQuery'])
    const page = readFileSync(join(import.meta.dirname, 'generated/historyPageQuery.graphql.ts'), 'utf8')
    expect(page).toContain('node(id: $id)')
  })
})

test('usePaginationFragment pages the members of a group forward and backward, and refetches them', async () => {
  const [alice, ...others] = await world.people('alice', 'bob', 'carol', 'dave', 'erin')
  const frank = await world.person('frank')
  const { id } = await alice.creates('the club', [])
  // Those who join at once have no order that a test could know.
  for (const person of others) await alice.adds(id, person)
  const app = opensApp(alice)
  const forward = app.members(id, { first: 2 })
  await shows(forward, ['alice', 'bob'], ['later'])
  forward.press('later')
  await shows(forward, ['alice', 'bob', 'carol', 'dave'], ['later'])
  await alice.adds(id, frank)
  forward.press('later')
  await shows(forward, ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'], [])
  forward.press('reload')
  await shows(forward, ['alice', 'bob'], ['later'])
  forward.close()
  const backward = app.members(id, { last: 2 })
  await shows(backward, ['erin', 'frank'], ['earlier'])
  backward.press('earlier')
  await shows(backward, ['carol', 'dave', 'erin', 'frank'], ['earlier'])
  backward.press('earlier')
  await shows(backward, ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'], [])
  await expectOneRecordForEachId(app, alice)
})

test('a server that accepts only the documents of the Relay compiler answers its ids over HTTP and graphql-ws', async () => {
  const { alice, bob, id } = await arrange(onlyTrusted)
  const { body } = await ask(onlyTrusted.url, '{ me { unreadCount } }', alice.credentials.accessToken)
  expect(codesOf({ body })).toEqual(['DOCUMENT_NOT_TRUSTED'])
  const app = opensApp(alice, true)
  app.receiveEvents(await alice.syncCursor())
  const screen = app.history(id, { last: 3 })
  await shows(screen, numbers(7, 9), ['earlier'])
  await bob.sends(id, 'message 10')
  await shows(screen, numbers(7, 10), ['earlier'])
  screen.press('earlier')
  await shows(screen, numbers(4, 10), ['earlier'])
})
