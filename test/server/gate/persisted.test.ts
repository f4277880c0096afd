import { parse } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createDocuments } from '../../../src/platform/graphql/documents.ts'
import { buildSchema } from '../../../src/schema.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { codesOf, fetchPath, send, Wire } from '../wire.ts'
import { apolloWithIds, firstEvent, fresh, sha256, urqlWithIds } from './stock-clients.ts'

const world = useWorld()
let alice: Person
beforeAll(async () => {
  alice = await world.person('alice')
})

const hashed = (query: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(query) } })
const post = (parameters: object, headers = {}) => send(world.url, JSON.stringify(parameters), headers)

describe('stock clients', () => {
  test('Apollo sends a document once, and then its hash alone', async () => {
    const { client, sent } = apolloWithIds({ person: alice })
    const query = parse('query OfApollo { me { id __typename } }')
    for (let count = 0; count < 2; count += 1)
      expect((await client.query({ query, ...fresh })).data).toHaveProperty('me.id')
    expect(sent.map((body) => body.includes('query OfApollo'))).toEqual([false, true, false])
  })

  test('urql sends a document once, and then its hash alone, over HTTP and graphql-ws', async () => {
    const { client, sent, overSocket } = urqlWithIds({ person: alice })
    const query = parse('query OfUrql { me { id __typename } }')
    for (let count = 0; count < 2; count += 1)
      expect((await client.query(query, {}).toPromise()).data).toHaveProperty('me.id')
    expect(
      sent.map((request) => request.includes('query OfUrql') || request.includes('query+OfUrql')),
    ).toEqual([false, true, false])

    const stream = parse('subscription OfUrql { inbox { __typename cursor } }')
    expect((await firstEvent(client, stream)).data).toHaveProperty('inbox.cursor')
    const another = urqlWithIds({ person: alice })
    expect((await firstEvent(another.client, stream)).data).toHaveProperty('inbox.cursor')
    const withDocument = [...overSocket, ...another.overSocket].map((request) =>
      JSON.stringify(request).includes('subscription OfUrql'),
    )
    expect(withDocument).toEqual([false, true, false])
  })
})

describe('a hash alone', () => {
  test.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
  ])('that is unknown is PERSISTED_QUERY_NOT_FOUND as %s with status %i', async (accept, status) => {
    const extensions = hashed('{ __typename } # never sent')
    const search = new URLSearchParams({ extensions: JSON.stringify(extensions) })
    const answers = [
      await post({ extensions }, { accept }),
      await fetchPath(world.url, `/graphql?${search}`, { headers: { accept } }),
    ]
    for (const answer of answers) {
      expect([answer.status, codesOf(answer)]).toEqual([status, ['PERSISTED_QUERY_NOT_FOUND']])
      expect(answer.body.errors?.[0]?.message).toBe('PersistedQueryNotFound')
    }
  })

  test('is answered by GET, by documentId and over a socket once the document was sent by POST', async () => {
    const query = '{ serverInfo { errorCodes } }'
    const extensions = hashed(query)
    expect(codesOf(await post({ query, extensions }))).toBeUndefined()
    const search = new URLSearchParams({ extensions: JSON.stringify(extensions) })
    const wire = await Wire.ready(world.url)
    wire.say({ type: 'subscribe', id: '1', payload: { query: '', extensions } })
    const bodies = [
      (await fetchPath(world.url, `/graphql?${search}`)).body,
      (await post({ documentId: `sha256:${sha256(query)}` })).body,
      await wire.answers('1'),
    ]
    for (const { data } of bodies) expect(data).toHaveProperty('serverInfo.errorCodes')
  })

  test('of a mutation is refused by GET', async () => {
    const query = 'mutation { logout { endedSessionId } }'
    const extensions = hashed(query)
    await post({ query, extensions })
    const search = new URLSearchParams({ extensions: JSON.stringify(extensions) })
    expect((await fetchPath(world.url, `/graphql?${search}`)).status).toBe(405)
  })

  test('of a document that was refused is not kept', async () => {
    for (const query of ['{ nothing }', '{ broken', `{ ${'a: __typename '.repeat(16)} }`]) {
      const extensions = hashed(query)
      expect(codesOf(await post({ query, extensions }))).toHaveLength(1)
      expect(codesOf(await post({ extensions }))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
    }
  })
})

describe('a hash beside a document', () => {
  test('that is another hash is INVALID_INPUT, and nothing is kept under it', async () => {
    const extensions = hashed('{ serverInfo { version } }')
    const wire = await Wire.ready(world.url)
    wire.say({ type: 'subscribe', id: '1', payload: { query: '{ __typename }', extensions } })
    for (const answer of [
      await post({ query: '{ __typename }', extensions }),
      { body: await wire.answers('1') },
    ])
      expect(codesOf(answer)).toEqual(['INVALID_INPUT'])
    expect(codesOf(await post({ extensions }))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
  })

  test.each([
    ['a version other than 1', { persistedQuery: { version: 2, sha256Hash: 'x' } }],
    ['a hash that is no text', { persistedQuery: { version: 1, sha256Hash: 1 } }],
    ['no object', { persistedQuery: 'x' }],
  ])('with %s is INVALID_INPUT over HTTP and a socket, which stays open', async (_what, extensions) => {
    expect(codesOf(await post({ query: '{ __typename }', extensions }))).toEqual(['INVALID_INPUT'])
    const wire = await Wire.ready(world.url)
    wire.say({ type: 'subscribe', id: '1', payload: { query: '{ __typename }', extensions } })
    expect(codesOf({ body: await wire.answers('1') })).toEqual(['INVALID_INPUT'])
    wire.subscribe('2', '{ __typename }')
    expect((await wire.answers('2')).data).toEqual({ __typename: 'Query' })
  })
})

test('hashes are evicted with their documents, of which the cache holds a thousand', () => {
  const { limits } = readConfig({})
  const documents = createDocuments(buildSchema(), limits)
  const sources = Array.from({ length: 1_001 }, (_, index) => `{ __typename } # ${index}`)
  for (const source of sources) {
    documents.prepare(source)
    documents.persist(sha256(source), source)
  }
  const kept = sources.filter((source) => documents.persisted(sha256(source)) === source)
  expect(kept).toEqual(sources.slice(1))
  documents.persist(sha256('never prepared'), 'never prepared')
  expect(documents.persisted(sha256('never prepared'))).toBeUndefined()
})
