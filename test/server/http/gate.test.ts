import { request } from 'node:http'
import { serverAudits } from 'graphql-http'
import { describe, expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, fetchPath, send } from '../wire.ts'

const bodyBytes = 4096
const friendlyOrigin = 'https://chat.example'
const world = useWorld({ LIMIT_BODY_BYTES: String(bodyBytes), ALLOWED_ORIGINS: friendlyOrigin })

const anything = JSON.stringify({ query: '{ serverInfo { version } }' })
const streamed = 'application/graphql-response+json'

describe('the specification of GraphQL over HTTP', () => {
  test('every published audit passes for a signed-in user', async () => {
    const { credentials } = await world.person('auditor')
    const authorization = `Bearer ${credentials.accessToken}`
    const fetchFn = (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization } })
    const audits = serverAudits({ url: `${world.url}/graphql`, fetchFn })
    const results = await Promise.all(audits.map((audit) => audit.fn()))
    const failed = results.filter((result) => result.status !== 'ok')
    expect(failed.map(({ id, name }) => `${id} ${name}`)).toEqual([])
    expect(results.length).toBeGreaterThan(50)
  })
})

describe('invalid requests', () => {
  const types = [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/graphql',
    'application/jsonp',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
  ]
  test.each(types)('a body of type %s is refused without being read', async (type) => {
    const answer = await send(world.url, anything, { 'content-type': type })
    expect([answer.status, codesOf(answer)]).toEqual([415, ['INVALID_INPUT']])
  })

  test.each(['application/json', 'application/json;charset=UTF-8', 'Application/JSON; charset="utf-8"'])(
    'a body of type %s is read',
    async (type) => {
      const answer = await send(world.url, anything, { 'content-type': type })
      expect(answer.status).toBe(200)
    },
  )

  test('a compressed body is refused', async () => {
    const answer = await send(world.url, anything, { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(415)
  })

  const malformed: [string, string | Uint8Array<ArrayBuffer>][] = [
    ['no JSON', '{ "query": '],
    ['empty', ''],
    ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['a batch', `[${anything}]`],
    ['an empty batch', '[]'],
    ['null', 'null'],
    ['without a query', '{ "variables": {} }'],
    ['a query that is no text', '{ "query": 1 }'],
    ['variables that are a list', '{ "query": "{ __typename }", "variables": [] }'],
    ['an operation name that is no text', '{ "query": "{ __typename }", "operationName": {} }'],
  ]
  test.each(malformed)('a body that is %s is refused', async (_what, body) => {
    const answer = await send(world.url, body)
    expect([answer.status, codesOf(answer)]).toEqual([400, ['INVALID_INPUT']])
  })

  test.each(['PUT', 'DELETE', 'PATCH'])('%s is refused', async (method) => {
    const answer = await fetchPath(world.url, '/graphql', { method, body: anything })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, GET'])
  })

  test('a response type that the server cannot produce is refused', async () => {
    const answer = await send(world.url, anything, { accept: 'text/csv' })
    expect(answer.status).toBe(406)
  })

  test('an unknown path is not found', async () => {
    const answer = await fetchPath(world.url, '/graphq')
    expect([answer.status, codesOf(answer)]).toEqual([404, ['NOT_FOUND']])
  })
})

describe('the size of a body', () => {
  const padded = (size: number) => anything + ' '.repeat(size - anything.length)

  test('a body of the maximum size is read', async () => {
    expect((await send(world.url, padded(bodyBytes))).status).toBe(200)
  })

  test('a body one byte larger is refused', async () => {
    const answer = await send(world.url, padded(bodyBytes + 1))
    expect([answer.status, codesOf(answer)]).toEqual([413, ['INVALID_INPUT']])
  })

  test('a chunked body one byte larger is refused', async () => {
    const half = new TextEncoder().encode(padded(bodyBytes + 1))
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(half.subarray(0, 100))
        controller.enqueue(half.subarray(100))
        controller.close()
      },
    })
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } }
    const answer = await fetchPath(world.url, '/graphql', init)
    expect(answer.status).toBe(413)
  })

  test('a huge body is refused by its Content-Length', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': 10_000_000_000 }
      const sending = request(`${world.url}/graphql`, { method: 'POST', headers }, (answer) => {
        resolve(answer.statusCode)
        answer.resume()
        sending.destroy()
      })
      sending.on('error', reject)
      sending.write('{')
    })
    expect(status).toBe(413)
  })
})

describe('cross-origin requests', () => {
  const mutation = 'mutation { logout { endedSessionId } }'

  test('a mutation by GET is refused', async () => {
    const answer = await fetchPath(world.url, `/graphql?query=${encodeURIComponent(mutation)}`)
    expect([answer.status, codesOf(answer)]).toEqual([405, ['INVALID_INPUT']])
  })

  test('a query by GET is served', async () => {
    const answer = await fetchPath(world.url, '/graphql?query=%7B__typename%7D')
    expect(answer).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } })
  })

  test('a GET with operationName runs no mutation of the same document', async () => {
    const query = encodeURIComponent('query A { __typename } mutation B { logout { endedSessionId } }')
    const read = await fetchPath(world.url, `/graphql?operationName=A&query=${query}`)
    const write = await fetchPath(world.url, `/graphql?operationName=B&query=${query}`)
    expect([read.status, write.status]).toEqual([200, 405])
  })

  test.each(['https://evil.example', 'null', 'http://localhost', 'https://chat.example.evil.example'])(
    'a page of %s is refused with an error that it can read and that names the setting',
    async (origin) => {
      const preflight = await fetchPath(world.url, '/graphql', { method: 'OPTIONS', headers: { origin } })
      expect(preflight.status).toBe(204)
      const answer = await send(world.url, anything, { origin })
      expect([answer.status, codesOf(answer)]).toEqual([403, ['FORBIDDEN']])
      expect(answer.body).not.toHaveProperty('data')
      expect(answer.body.errors?.[0]?.message).toContain('ALLOWED_ORIGINS')
      for (const { headers } of [preflight, answer]) {
        expect(headers.get('access-control-allow-origin')).toBe(origin)
        expect(headers.get('access-control-allow-credentials')).toBeNull()
      }
    },
  )

  test('a page of an allowed origin can read responses, without credentials', async () => {
    const answer = await send(world.url, anything, { origin: friendlyOrigin })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe(friendlyOrigin)
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    expect(answer.headers.get('vary')).toContain('Origin')
  })

  test('a preflight request of an allowed origin is answered', async () => {
    const headers = { origin: friendlyOrigin, 'access-control-request-method': 'POST' }
    const answer = await fetchPath(world.url, '/graphql', { method: 'OPTIONS', headers })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization')
  })

  test('a page of the own origin is served', async () => {
    expect((await send(world.url, anything, { origin: world.url })).status).toBe(200)
  })

  test('an image request of another page does not run a query', async () => {
    const init = { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } }
    const answer = await fetchPath(world.url, '/graphql?query=%7B__typename%7D', init)
    expect(answer.status).toBe(403)
  })
})

describe('authentication', () => {
  const me = JSON.stringify({ query: '{ me { user { id } } }' })

  test.each(['Bearer not.a.token', 'Bearer', 'Basic YTpi', ''])(
    'Authorization "%s" is UNAUTHENTICATED',
    async (authorization) => {
      const plain = await send(world.url, me, { authorization })
      const exact = await send(world.url, me, { authorization, accept: streamed })
      expect([plain.status, codesOf(plain)]).toEqual([200, ['UNAUTHENTICATED']])
      expect([exact.status, codesOf(exact)]).toEqual([401, ['UNAUTHENTICATED']])
    },
  )

  test('public operations need no token', async () => {
    expect((await send(world.url, anything)).body.data).toHaveProperty('serverInfo.version')
  })

  test('introspection needs a signed-in user', async () => {
    const introspection = '{ __schema { queryType { name } } }'
    const { credentials } = await world.person('reader')
    expect(codesOf(await ask(world.url, introspection))).toEqual(['UNAUTHENTICATED'])
    expect((await ask(world.url, introspection, credentials.accessToken)).body.errors).toBeUndefined()
  })
})

describe('response headers', () => {
  test('a response has the request id of its request', async () => {
    const answer = await send(world.url, anything, { 'x-request-id': 'shop-7:42' })
    expect(answer.headers.get('x-request-id')).toBe('shop-7:42')
  })

  test.each(['a b', '<script>', 'x'.repeat(65), '🙂'.length.toString().repeat(100)])(
    'a response has an id of the server if the request id is "%s"',
    async (id) => {
      const given = (await send(world.url, anything, { 'x-request-id': id })).headers.get('x-request-id')
      expect(given).toMatch(/^[\w-]{20,}$/)
      expect(given).not.toBe(id)
    },
  )

  test('responses forbid sniffing, caching and framing', async () => {
    const { headers } = await send(world.url, anything)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-powered-by')).toBeNull()
  })
})

describe('probes', () => {
  test('/live and /ready answer 200', async () => {
    expect((await fetchPath(world.url, '/live')).status).toBe(200)
    const ready = await fetchPath(world.url, '/ready')
    expect([ready.status, ready.body]).toMatchObject([200, { ready: true, parts: { database: 'up' } }])
  })
})
