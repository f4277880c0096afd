import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { useAttackedWorld } from './aftermath.ts'
import { requestBytes, sendRaw } from './raw.ts'

const world = useAttackedWorld({ LIMIT_REQUEST_RECEIVE_MS: '500' })

/** Sends one byte at a time while the server keeps the connection; resolves with the responses. */
function trickles(head: Buffer): Promise<string> {
  const { hostname, port } = new URL(world.url)
  const socket = connect({ host: hostname, port: Number(port) })
  const timer = setInterval(() => socket.write('x'), 50)
  onTestFinished(() => {
    clearInterval(timer)
    socket.destroy()
  })
  let answer = ''
  socket.on('connect', () => socket.write(head))
  socket.on('data', (data) => {
    answer += data
  })
  socket.on('error', () => {})
  return new Promise((resolve) => socket.on('close', () => resolve(answer)))
}

const json = { 'content-type': 'application/json' }
const long = { connection: 'keep-alive', 'content-length': '1000000' }

describe('a body that comes a byte at a time ends with its connection', () => {
  test.each([
    ['GET', '/graphql?query=%7B__typename%7D'],
    ['HEAD', '/live'],
    ['GET', '/media/x/original'],
    ['OPTIONS', '/graphql'],
    ['DELETE', '/nothing'],
  ])('of %s %s, which does not read it', async (method, path) => {
    expect(await trickles(requestBytes(method, path, long))).toMatch(/^HTTP\/1\.1 \d{3} /)
  })

  test.each(['/graphql', '/uploads/../graphql', '/uploads/%2e%2e/graphql', '//uploads/../graphql'])(
    'of a POST to %s',
    async (path) => {
      const head = requestBytes('POST', path, { ...json, 'content-length': '1000' })
      expect(await trickles(head)).not.toMatch(/^HTTP\/1\.1 200/)
    },
  )
})

test('a body that arrived while the event loop was busy is in time', async () => {
  const body = JSON.stringify({ query: '{ __typename }' })
  const headers = { ...json, expect: '100-continue', 'content-length': String(body.length) }
  const { hostname, port } = new URL(world.url)
  const socket = connect({ host: hostname, port: Number(port) })
  onTestFinished(() => void socket.destroy())
  let answer = ''
  socket.on('connect', () => socket.write(requestBytes('POST', '/graphql', headers)))
  socket.on('data', (data) => {
    answer += data
    if (answer !== 'HTTP/1.1 100 Continue\r\n\r\n') return
    // The server waits for the body now, and its time limit passes before it reads it.
    socket.write(body)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
  })
  socket.on('error', () => {})
  await new Promise((resolve) => socket.on('close', resolve))
  expect(answer).toContain('HTTP/1.1 200 OK')
})

describe('a request target', () => {
  test.each([
    ['//', 404],
    ['//[', 404],
    ['//graphql', 404],
    ['///////', 404],
    ['/%', 404],
    ['/%00', 404],
    ['/uploads/../live', 200],
    ['/uploads/%2e%2e/live', 200],
    ['http://[', 400],
    ['http://', 400],
    ['http://elsewhere.example/live', 200],
    ['ftp://elsewhere.example/live', 400],
    ['*', 400],
    ['live', 400],
  ])('%s is answered with %i', async (target, status) => {
    const { statuses } = await sendRaw(world.url, requestBytes('GET', target, {}))
    expect(statuses).toEqual([status])
  })
})
