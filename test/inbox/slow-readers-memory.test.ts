import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { signsUp } from '../faults/attempts.ts'
import { createTestDatabase } from '../setup/database.ts'
import { type ServerProcess, spawnServer } from '../setup/server-process.ts'
import type { Person } from '../world/person.ts'
import { InboxSocket } from './socket.ts'

const readers = 16
const messages = 1_200
const megabyte = 1_048_576
// The changes that all readers share, and buffers.
const ownMax = 32 * megabyte

/** Heap and buffers of the process after a collection of garbage. */
async function memoryHeld(server: ServerProcess): Promise<number> {
  const [inspector = ''] = server.output().match(/ws:\S+/) ?? []
  const socket = new WebSocket(inspector)
  await once(socket, 'open')
  socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }))
  await once(socket, 'message')
  socket.close()
  const [metricsUrl = ''] = server.output().match(/http:[^"\s]+\/metrics/) ?? []
  const text = await (await fetch(metricsUrl)).text()
  const [heap, external] = ['nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'].map((name) =>
    Number(text.match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1]),
  )
  return (heap ?? Number.NaN) + (external ?? Number.NaN)
}

test('a client that stops reading costs the server at most one megabyte', { timeout: 120_000 }, async () => {
  const database = await createTestDatabase()
  const server = spawnServer({
    ...{
      DATABASE_URL: database.url,
      AUTH_SECRET: 'a secret for tests that is long enough',
      METRICS_PORT: '0',
      NODE_OPTIONS: '--inspect=127.0.0.1:0',
    },
    // Neither pings nor the stall limit close a socket here.
    ...{ LIMIT_PING_MS: '300000', LIMIT_STALL_MS: '300000', LIMIT_CLOSE_SPREAD_MS: '0' },
    ...{ GROUP_ADDITIONS_FROM: 'everyone', LIMIT_SOCKETS_PER_BROWSER: '100' },
  })
  onTestFinished(async () => {
    server.child.kill('SIGTERM')
    await server.exited()
    await database.drop()
  })
  const url = await server.ready()
  const alice = await signsUp(url, 'alice')
  const bob = await signsUp(url, 'bob')
  const { id } = await alice.creates('a group', [bob])
  const sockets = await Promise.all(Array.from({ length: readers }, () => InboxSocket.open(bob, {})))
  onTestFinished(() => {
    for (const socket of sockets) socket.cut()
  })
  for (const socket of sockets) {
    await socket.next()
    socket.stopsReading()
  }
  const before = await memoryHeld(server)

  // Fourteen megabytes per reader.
  await sendsMany(alice, id)
  expect((await memoryHeld(server)) - before).toBeLessThan(readers * megabyte + ownMax)

  const [one] = sockets
  one?.readsOn()
  if (one) await lastOf(one, id)
})

/** Large, and without words to tokenise. */
const text = '…'.repeat(3_900)

async function sendsMany(sender: Person, id: string): Promise<void> {
  const sequence = async (count: number) => {
    for (let sent = 0; sent < count; sent += 1) await sender.sends(id, text)
  }
  await Promise.all(Array.from({ length: 10 }, () => sequence(messages / 10)))
}

/** Reads until the group's last message. */
async function lastOf(socket: InboxSocket, id: string): Promise<void> {
  for (let maxSeq = 0; maxSeq <= messages; ) {
    const event = await socket.next()
    if (event?.__typename === 'MessagesChanged' && event.conversationId === id) maxSeq = event.maxSeq
  }
}
