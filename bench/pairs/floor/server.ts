import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { type WebSocket, WebSocketServer } from 'ws'
import '../../probe.ts'
import { floorTables, statements } from './sql.ts'

// The floor of 1:1 messages: `ws` and `pg` alone. A batch is one transaction of two flights that writes the same rows as
// Parlance: the message, the conversation, and for each member the stream, which holds the entry.

interface Sent {
  key: string
  conversationId: string
  from: string
  to: string
  text: string
  seq: number
}

const batchMax = 200
const client = new pg.Client({ ...JSON.parse(process.env.FLOOR_CONNECTION ?? '{}'), pipeline: true })
client.on('error', () => {})
await client.connect()
await client.query(floorTables(Number(process.env.FLOOR_PAIRS)))

const query = (name: keyof typeof statements, values: unknown[] = []) =>
  client.query<{ id: string; seq: number }>({ name, text: statements[name], values })

const sockets = new Map<string, WebSocket>()
const queue: Sent[] = []
let isBusy = false

async function store(batch: Sent[]): Promise<void> {
  const conversations = [...new Set(batch.map((each) => each.conversationId))].sort()
  const members = [...new Set(batch.flatMap((each) => [each.from, each.to]))].sort()
  const [, locked] = await Promise.all([
    query('begin'),
    query('lock', [conversations]),
    query('keys', [batch.map((each) => each.from), batch.map((each) => each.key)]),
    query('members', [conversations]),
  ])
  const seqs = new Map(locked.rows.map(({ id, seq }) => [id, seq]))
  for (const each of batch) {
    each.seq = (seqs.get(each.conversationId) ?? 0) + 1
    seqs.set(each.conversationId, each.seq)
  }
  await Promise.all([
    query('insert', [
      batch.map((each) => each.conversationId),
      batch.map((each) => each.seq),
      batch.map((each) => each.from),
      batch.map((each) => each.key),
      batch.map(({ text }) => JSON.stringify({ text })),
    ]),
    query('grow', [[...seqs.keys()], [...seqs.values()]]),
    query('number', [members, conversations]),
    query('commit'),
  ])
}

async function pump(): Promise<void> {
  isBusy = true
  for (let batch = queue.splice(0, batchMax); batch.length > 0; batch = queue.splice(0, batchMax)) {
    await store(batch)
    for (const { key, seq, from, to, text } of batch) {
      sockets.get(from)?.send(JSON.stringify({ key, seq }))
      sockets.get(to)?.send(JSON.stringify({ key, seq, text }))
    }
  }
  isBusy = false
}

const server = createServer()
const websockets = new WebSocketServer({
  server,
  perMessageDeflate: false,
  handleProtocols: () => 'graphql-transport-ws',
})
websockets.on('connection', (socket, request: IncomingMessage) => {
  const from = request.url?.slice(1) ?? ''
  sockets.set(from, socket)
  socket.on('error', () => {})
  socket.on('message', (data) => {
    queue.push({ ...(JSON.parse(data.toString()) as Sent), from })
    if (!isBusy) setImmediate(() => isBusy || void pump())
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`HTTP http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
})
process.on('SIGTERM', () => process.exit())
