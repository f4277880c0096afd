import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../world/eventually.ts'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, fetchPath, send } from '../wire.ts'

const stallMs = 1_000
const world = useWorld({ LIMIT_PING_MS: '100' })
// Pings are too rare to end a stream before its buffer does.
const hasty = useWorld({ LIMIT_STALL_MS: String(stallMs), METRICS_PORT: '0' })

const path = '/graphql/stream'
const accept = 'text/event-stream'

async function signedIn(where = world) {
  const { credentials } = await where.person('alice')
  return { authorization: `Bearer ${credentials.accessToken}` }
}

const gauge = async (name: string) => {
  const text = await (await fetch(hasty.parts.Metrics ?? '')).text()
  return Number(text.match(new RegExp(`^parlance_${name} (\\d+)$`, 'm'))?.[1])
}

/** An open response, and what it has sent so far. */
async function opens(headers: Record<string, string>, url = path, body?: string) {
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const { signal } = controller
  const response = await fetch(`${world.url}${url}`, {
    signal,
    headers: { accept, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { method: 'POST', body }),
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const reading = (async () => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) text += part.value
  })().catch(() => {})
  return { response, text: () => text, ended: reading, close: () => controller.abort() }
}

describe('distinct connections mode', () => {
  test('is served at /graphql for clients that accept events and no JSON', async () => {
    const body = JSON.stringify({ query: '{ __typename }' })
    const { response, text, ended } = await opens(await signedIn(), '/graphql', body)
    await ended
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"__typename":"Query"},"extensions":{"cost":0}}\n\nevent: complete\ndata: \n\n',
    )
    const json = await send(world.url, body, { accept: `application/json, ${accept}` })
    expect(json.headers.get('content-type')).toContain('application/json')
  })

  test('answers GET, except for mutations', async () => {
    const headers = await signedIn()
    const get = async (query: string) => {
      const { text, ended } = await opens(headers, `${path}?query=${encodeURIComponent(query)}`)
      await ended
      return text()
    }
    expect(await get('{ __typename }')).toContain('"Query"')
    expect(await get('mutation { logout { endedSessionId } }')).toContain('"INVALID_INPUT"')
    expect(codesOf(await ask(world.url, '{ me { id } }', headers.authorization.slice(7)))).toBeUndefined()
  })

  test('a heartbeat keeps the stream open', async () => {
    const body = JSON.stringify({ query: 'subscription { inbox { __typename } }' })
    const { text } = await opens(await signedIn(), path, body)
    await eventually(() => expect(text().split(':\n\n').length).toBeGreaterThan(4))
  })
})

describe('single connection mode', () => {
  const reserve = (headers: Record<string, string>) => fetchPath(world.url, path, { method: 'PUT', headers })
  const operation = (operationId: unknown, query = '{ __typename }') =>
    JSON.stringify({ query, extensions: { operationId } })

  test('a reservation is for signed-in clients', async () => {
    expect((await reserve({})).status).toBe(401)
    const answer = await reserve(await signedIn())
    expect([answer.status, answer.text.length]).toEqual([201, 32])
  })

  test('an EventSource opens the stream by a search parameter, once', async () => {
    const { text: token } = await reserve(await signedIn())
    const stream = await opens({}, `${path}?token=${token}`)
    expect(stream.response.status).toBe(200)
    const second = await opens({}, `${path}?token=${token}`)
    expect(second.response.status).toBe(409)
    const header = { 'x-graphql-event-stream-token': token }
    expect((await send(world.url, operation('a'), header, path)).status).toBe(202)
    await eventually(() =>
      expect(stream.text()).toContain('data: {"id":"a","payload":{"data":{"__typename":"Query"}'),
    )
    expect(stream.text()).toContain('event: complete\ndata: {"id":"a"}\n\n')
    stream.close()
    await eventually(async () =>
      expect((await send(world.url, operation('b'), header, path)).status).toBe(404),
    )
  })

  test('an operation needs an open stream, and an id that does not run', async () => {
    const headers = await signedIn()
    const token = { 'x-graphql-event-stream-token': (await reserve(headers)).text }
    expect((await send(world.url, operation('a'), token, path)).status).toBe(409)
    const unknown = { 'x-graphql-event-stream-token': 'x' }
    expect((await send(world.url, operation('a'), unknown, path)).status).toBe(404)
    expect((await fetchPath(world.url, path, { method: 'DELETE' })).status).toBe(404)
    await opens(token)
    for (const id of [undefined, 7, '', 'x'.repeat(101)])
      expect((await send(world.url, operation(id), token, path)).status).toBe(400)
    const stream = operation('s', 'subscription { inbox { __typename } }')
    expect((await send(world.url, stream, token, path)).status).toBe(202)
    expect((await send(world.url, stream, token, path)).status).toBe(409)
    const stop = (search: string) =>
      fetchPath(world.url, `${path}${search}`, { method: 'DELETE', headers: token })
    expect((await stop('')).status).toBe(400)
    expect((await stop('?operationId=s')).status).toBe(200)
    expect((await send(world.url, stream, token, path)).status).toBe(202)
  })

  test('other methods, media types and origins are refused', async () => {
    expect((await fetchPath(world.url, path, { method: 'PATCH' })).status).toBe(405)
    expect((await send(world.url, operation('a'), {}, path)).status).toBe(406)
    const origin = 'https://evil.example'
    expect((await reserve({ ...(await signedIn()), origin })).status).toBe(403)
  })
})

describe('a reader that does not read', () => {
  const part = 'name description type { name kind ofType { name kind ofType { name kind } } } '
  const parts = `name kind description fields { ${part} args { ${part} } } inputFields { ${part} } enumValues { name description }`
  const wholeSchema = `{ ${['a', 'b', 'c', 'd'].map((name) => `${name}: __schema { types { ${parts} } }`)} }`

  test('is disconnected when its buffer was full for a while, and no other client waits for it', async () => {
    const headers = await signedIn(hasty)
    const { text: token } = await fetchPath(hasty.url, path, { method: 'PUT', headers })
    const asking = request(`${hasty.url}${path}?token=${token}`, { headers: { accept } })
    onTestFinished(() => void asking.destroy())
    asking.on('response', (response) => response.pause().on('error', () => {}))
    asking.on('error', () => {})
    asking.end()
    await eventually(async () => expect(await gauge('event_streams')).toBe(1))
    const query = (id: string) => JSON.stringify({ query: wholeSchema, extensions: { operationId: id } })
    const header = { 'x-graphql-event-stream-token': token }
    // More than the buffers of the network hold; the stream may end before it has them all.
    for (let index = 0; index < 40; index += 1) {
      const { status } = await send(hasty.url, query(`${index}`), header, path)
      if (status === 404) break
      expect(status).toBe(202)
    }
    await pause(stallMs)
    expect(codesOf(await ask(hasty.url, '{ __typename }'))).toBeUndefined()
    await eventually(async () => expect(await gauge('event_streams')).toBe(0))
  })
})
