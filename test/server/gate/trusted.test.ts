import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DocumentNode, parse, print } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { loadTrustedDocuments } from '../../../src/server/gate/trusted.ts'
import { Register } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, fetchPath, send, Wire } from '../wire.ts'
import { apolloWithIds, firstEvent, fresh, sha256, urqlWithIds } from './stock-clients.ts'

// With __typename, which Apollo and urql add to what they send.
const trustedQuery = parse('query Viewer { me { id __typename } }')
const trustedStream = parse('subscription Changes { inbox { __typename cursor } }')
const otherQuery = parse('query Other { me { id session { id __typename } __typename } }')
const byManifest = parse('query Info { serverInfo { version __typename } }')

const folder = mkdtempSync(join(tmpdir(), 'parlance-trusted-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fileWith = (name: string, content: unknown) => {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const hashOf = (document: DocumentNode) => sha256(print(document))
const files = [
  fileWith('client-preset.json', {
    [hashOf(trustedQuery)]: print(trustedQuery),
    [hashOf(trustedStream)]: print(trustedStream),
    register: print(Register),
    // The Relay compiler writes MD5 by default.
    d41d8cd98f00b204e9800998ecf8427e: print(trustedQuery),
    'of another schema': '{ nothing }',
  }),
  fileWith('manifest.json', {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: 'info', name: 'Info', type: 'query', body: print(byManifest) }],
  }),
]
const TRUSTED_DOCUMENTS = files.join(', ')
const only = useWorld({
  TRUSTED_DOCUMENTS,
  TRUSTED_DOCUMENTS_MODE: 'only',
  GRAPHIQL: 'on',
  METRICS_PORT: '0',
})
const prefer = useWorld({ TRUSTED_DOCUMENTS })

const people = new Map<object, Person>()
beforeAll(async () => {
  for (const world of [only, prefer]) people.set(world, await world.person('alice'))
})
const tokenOf = (world: object) => people.get(world)?.credentials.accessToken ?? ''
const personOf = (world: object) => people.get(world) as Person

const apq = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })

/** The answer to parameters over HTTP by POST and GET, and over a socket. */
async function answersTo(world: typeof only, parameters: object) {
  const headers = { authorization: `Bearer ${tokenOf(world)}` }
  const search = new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
  const wire = await Wire.ready(world.url, tokenOf(world))
  wire.say({ type: 'subscribe', id: '1', payload: { query: '', ...parameters } })
  return [
    (await send(world.url, JSON.stringify(parameters), headers)).body,
    (await fetchPath(world.url, `/graphql?${search}`, { headers })).body,
    await wire.answers('1'),
  ]
}

describe.each([
  ['only', only],
  ['prefer', prefer],
])('with TRUSTED_DOCUMENTS_MODE=%s', (mode, world) => {
  const forms: [string, object][] = [
    ['the hash of Apollo, urql and yoga', apq(hashOf(trustedQuery))],
    ['documentId of GraphQL over HTTP', { documentId: `sha256:${hashOf(trustedQuery)}` }],
    ['documentId without a prefix', { documentId: hashOf(trustedQuery) }],
    ['doc_id of Relay', { doc_id: 'd41d8cd98f00b204e9800998ecf8427e' }],
    ['the text of a trusted document', { query: print(trustedQuery) }],
    ['a hash and the text', { ...apq(hashOf(trustedQuery)), query: print(trustedQuery) }],
  ]
  test.each(forms)('%s is answered by POST, by GET and over a socket', async (_form, parameters) => {
    for (const answer of await answersTo(world, parameters)) {
      expect(answer.errors).toBeUndefined()
      expect(answer.data).toHaveProperty('me.id')
    }
  })

  test('an id of a manifest of Apollo is answered', async () => {
    for (const answer of await answersTo(world, apq('info')))
      expect(answer.data).toHaveProperty('serverInfo.version')
  })

  test('a trusted document that does not fit the schema is refused with its fault', async () => {
    for (const answer of await answersTo(world, { documentId: 'of another schema' }))
      expect(answer.errors?.[0]?.message).toContain('Cannot query field "nothing"')
  })

  const expected = mode === 'only' ? ['DOCUMENT_NOT_TRUSTED'] : undefined
  test.each([
    ['a document', { query: print(otherQuery) }],
    ['a document with its hash', { ...apq(hashOf(otherQuery)), query: print(otherQuery) }],
    ['a document with an unknown id', { documentId: 'unknown', query: print(otherQuery) }],
    // Registered by the case before the last, if at all.
    ['the hash of a document', apq(hashOf(otherQuery))],
  ])(`%s that is not trusted answers ${expected ?? 'the data'}`, async (_what, parameters) => {
    for (const answer of await answersTo(world, parameters)) {
      expect(codesOf({ body: answer })).toEqual(expected)
      if (!expected) expect(answer.data).toHaveProperty('me.session.id')
    }
  })

  test('stock Apollo sends ids over HTTP, and receives a subscription over graphql-ws', async () => {
    const { client, sent } = apolloWithIds({ person: personOf(world), idOf: hashOf })
    expect((await client.query({ query: trustedQuery, ...fresh })).data).toHaveProperty('me.id')
    expect(sent).toHaveLength(1)
    expect(sent[0]).not.toContain('query Viewer')
    const event = await new Promise((resolve, reject) => {
      const subscription = client.subscribe({ query: trustedStream }).subscribe({
        next: (result) => {
          resolve(result)
          queueMicrotask(() => subscription.unsubscribe())
        },
        error: reject,
      })
    })
    expect(event).toHaveProperty('data.inbox.cursor')
    const { data, error } = await client.query({ query: otherQuery, ...fresh })
    if (expected) expect(error?.message).toContain('only the documents that its operator trusts')
    else expect(data).toHaveProperty('me.session.id')
  })

  test('stock urql sends ids alone, over HTTP and graphql-ws', async () => {
    const { client, sent, overSocket } = urqlWithIds({
      person: personOf(world),
      idOf: hashOf,
      idsOnly: true,
    })
    expect((await client.query(trustedQuery, {}).toPromise()).data).toHaveProperty('me.id')
    const event = await firstEvent(client, trustedStream)
    expect(event.data).toHaveProperty('inbox.cursor')
    expect(JSON.stringify([sent, overSocket])).not.toMatch(/query Viewer|subscription Changes/)
  })
})

describe('GraphiQL where only trusted documents are accepted', () => {
  const passOf = async () =>
    (await fetchPath(only.url, '/graphql', { headers: { accept: 'text/html' } })).text.match(
      /name="explorer-pass" content="([^"]+)"/,
    )?.[1] ?? ''
  const query = print(byManifest).replace('version', 'schemaVersion')

  test('its page may send any document, over HTTP and over a socket', async () => {
    const pass = await passOf()
    const answer = await send(only.url, JSON.stringify({ query }), { 'x-explorer-pass': pass })
    expect(answer.body.data).toHaveProperty('serverInfo.schemaVersion')
    const wire = await Wire.open(only.url)
    wire.say({ type: 'connection_init', payload: { 'x-explorer-pass': pass } })
    await wire.hears('connection_ack')
    wire.subscribe('1', query)
    expect((await wire.answers('1')).data).toHaveProperty('serverInfo.schemaVersion')
  })

  test('a pass that was not issued by the server, or was changed, is worth nothing', async () => {
    const [expires, signature] = (await passOf()).split('.')
    for (const pass of ['', 'x', `${Number(expires) + 1}.${signature}`, `${expires}.`, `1.${signature}`]) {
      const answer = await send(only.url, JSON.stringify({ query }), { 'x-explorer-pass': pass })
      expect(codesOf(answer)).toEqual(['DOCUMENT_NOT_TRUSTED'])
    }
  })
})

test('the metric documents_total counts how clients send documents', async () => {
  await ask(only.url, print(byManifest))
  const { text } = await fetchPath(only.parts.Metrics ?? '', '')
  expect(text).toMatch(/parlance_documents_total\{source="trusted"\} [1-9]/)
})

describe('a file of trusted documents', () => {
  const load = (file: string) => loadTrustedDocuments(readConfig({ TRUSTED_DOCUMENTS: file }))

  test.each([
    ['is missing', join(folder, 'missing.json'), /cannot be read \(ENOENT\)/],
    ['is no JSON', fileWith('broken.json', '{'), /is not a JSON object of ids and documents/],
    ['is a list', fileWith('list.json', ['{ me }']), /is not a JSON object of ids and documents/],
    ['contains no texts', fileWith('numbers.json', { a: 1 }), /is not a JSON object of ids and documents/],
  ])('that %s fails the start', async (_what, file, fault) => {
    await expect(load(file)).rejects.toThrow(fault)
  })

  test('is not read with TRUSTED_DOCUMENTS_MODE=off', async () => {
    const config = readConfig({ TRUSTED_DOCUMENTS: '/missing', TRUSTED_DOCUMENTS_MODE: 'off' })
    expect((await loadTrustedDocuments(config)).size).toBe(0)
  })

  test('is required with TRUSTED_DOCUMENTS_MODE=only', () => {
    expect(() => readConfig({ TRUSTED_DOCUMENTS_MODE: 'only' })).toThrow('TRUSTED_DOCUMENTS: required')
  })
})
