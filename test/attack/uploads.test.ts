import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { completes, createsUpload, fetched, sendsBytes, type Ticket } from '../media/verbs.ts'
import { eventually } from '../world/eventually.ts'
import { useWorld } from '../world/world.ts'
import { useAttackedWorld } from './aftermath.ts'
import { requestBytes, sendRaw } from './raw.ts'

const world = useAttackedWorld({ LIMIT_REQUEST_RECEIVE_MS: '500' })
const patient = useWorld()

const bytes = Buffer.alloc(200_000, 'diary ')
const announced = { filename: 'note.txt', mimeType: 'text/plain', byteSize: bytes.length }
const pathOf = ({ url }: Ticket) => new URL(url).pathname + new URL(url).search

async function ticketOf(form = false, server = world) {
  const ada = await server.person('ada')
  return { ada, ticket: await createsUpload(ada, { ...announced, form }) }
}

/** Sends as fast as the server reads, until the server ends the connection; resolves with the response. */
function floods(head: Buffer, chunk: Buffer): Promise<string> {
  const { hostname, port } = new URL(world.url)
  const socket: Socket = connect({ host: hostname, port: Number(port) })
  onTestFinished(() => void socket.destroy())
  let answer = ''
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('connect', () => {
    socket.write(head)
    more()
  })
  socket.on('drain', more)
  socket.on('data', (data) => {
    answer += data
  })
  socket.on('error', () => {})
  return new Promise((resolve) => socket.on('close', () => resolve(answer)))
}

const chunkOf = (text: Buffer) =>
  Buffer.concat([Buffer.from(`${text.length.toString(16)}\r\n`), text, Buffer.from('\r\n')])

const drafts = (server = world) =>
  readdirSync(server.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => /incoming\./.test(name))

describe('a body without an end', () => {
  test('of a PUT longer than announced is refused and its connection ends', async () => {
    const { ticket } = await ticketOf()
    const head = requestBytes('PUT', pathOf(ticket), {
      'content-type': 'text/plain',
      'transfer-encoding': 'chunked',
    })
    const answers = await Promise.all(Array.from({ length: 5 }, () => floods(head, chunkOf(bytes))))
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 (400|409) /)
  })

  test('of a form longer than announced is refused and its connection ends', async () => {
    const { ticket } = await ticketOf(true)
    const fields = ticket.fields.map(
      ({ name, value }) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="note.txt"\r\n\r\n'
    const head = requestBytes('POST', pathOf(ticket), {
      'content-type': 'multipart/form-data; boundary=b',
      'transfer-encoding': 'chunked',
    })
    const start = chunkOf(Buffer.from(fields.join('') + file))
    expect(await floods(Buffer.concat([head, start]), chunkOf(bytes))).toMatch(/^HTTP\/1\.1 400 /)
  })

  test.each(['PUT', 'POST'])(
    'of a %s without a ticket is refused and its connection ends',
    async (method) => {
      const type = method === 'PUT' ? 'text/plain' : 'multipart/form-data; boundary=b'
      const head = requestBytes(method, '/uploads/x', {
        'content-type': type,
        'transfer-encoding': 'chunked',
      })
      const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="note.txt"\r\n\r\n'
      const answer = await floods(Buffer.concat([head, chunkOf(Buffer.from(file))]), chunkOf(bytes))
      expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    },
  )

  test('of a form that never shows its ticket is disconnected', async () => {
    const head = requestBytes('POST', '/uploads/x', {
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': '1000',
    })
    const { statuses } = await sendRaw(world.url, Buffer.concat([head, Buffer.from('--b\r\nContent-Dis')]))
    expect(statuses).toEqual([])
  })
})

describe('a ticket that is used many times at once', () => {
  test('has one receiver: a newer request replaces the one before it', async () => {
    const { ada, ticket } = await ticketOf(false, patient)
    const half = requestBytes(
      'PUT',
      pathOf(ticket),
      { 'content-type': 'text/plain', 'content-length': String(bytes.length) },
      bytes.subarray(0, 100_000),
    )
    const answered: number[][] = []
    const stalled = Array.from({ length: 10 }, async () => {
      const { statuses } = await sendRaw(patient.url, half, 'closes')
      answered.push(statuses)
    })
    // All but the last one.
    await eventually(() => expect([answered.length, drafts(patient).length]).toEqual([9, 1]))

    expect((await sendsBytes(ticket, bytes)).status).toBe(204)
    await Promise.all(stalled)
    expect(answered).toEqual(Array(10).fill([409]))
    const media = await completes(ada, ticket.media.id)
    const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex')
    expect(hash((await fetched(media.url)).bytes)).toBe(hash(bytes))
  })
})

describe('a client that waits for 100 Continue', () => {
  const expecting = (path: string, headers: Record<string, string>, method = 'PUT') =>
    sendRaw(world.url, requestBytes(method, path, { expect: '100-continue', ...headers }, bytes))
  const length = String(bytes.length)

  test('is refused without 100 Continue when its upload is not allowed', async () => {
    const answer = await expecting('/uploads/x', { 'content-type': 'text/plain', 'content-length': length })
    expect(answer.statuses).toEqual([403])
  })

  test('gets 100 Continue for an allowed upload', async () => {
    const { ticket } = await ticketOf()
    const headers = { 'content-type': 'text/plain', 'content-length': length }
    expect((await expecting(pathOf(ticket), headers)).statuses).toEqual([100, 204])
  })

  test('is refused without 100 Continue when an operation is too large', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '10000000000' }
    expect((await expecting('/graphql', headers, 'POST')).statuses).toEqual([413])
  })

  test('gets 100 Continue for an operation', async () => {
    const body = JSON.stringify({ query: '{ __typename }' })
    const headers = {
      expect: '100-continue',
      'content-type': 'application/json',
      'content-length': String(body.length),
    }
    const { statuses } = await sendRaw(world.url, requestBytes('POST', '/graphql', headers, body))
    expect(statuses).toEqual([100, 200])
  })
})
