import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../setup/database.ts'
import { eventually } from '../world/eventually.ts'
import { start } from './server.ts'

const secret = 's'.repeat(32)

test('SIGHUP is ignored without a terminal, and SIGTERM still stops the server', async () => {
  const database = await createTestDatabase()
  const server = start({ DATABASE_URL: database.url, AUTH_SECRET: secret, LOG_LEVEL: 'info' })
  const url = await server.ready()

  server.child.kill('SIGHUP')
  await eventually(async () => expect(server.output()).toContain('SIGHUP ignored'))
  expect((await fetch(`${url}/live`)).status).toBe(200)

  server.child.kill('SIGTERM')
  expect(await server.exited()).toEqual({ code: 0, signal: null })
  await database.drop()
})

/** A connection that the kernel has established, with a request in it. */
async function connectAndAsk(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  return socket
}

test('connections that wait to be accepted at SIGTERM are answered, not reset', async () => {
  const database = await createTestDatabase()
  const server = start({ DATABASE_URL: database.url, AUTH_SECRET: secret })
  const port = Number(new URL(await server.ready()).port)

  server.child.kill('SIGSTOP')
  const sockets = await Promise.all(Array.from({ length: 20 }, () => connectAndAsk(port)))
  server.child.kill('SIGTERM')
  server.child.kill('SIGCONT')
  const answers = await Promise.all(sockets.map((socket) => text(socket)))
  expect(answers.map((answer) => answer.split('\r\n', 1)[0])).toEqual(Array(20).fill('HTTP/1.1 200 OK'))
  expect(await server.exited()).toEqual({ code: 0, signal: null })
  await database.drop()
})
