import { once } from 'node:events'
import { createServer, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { bodyOf } from './body.ts'

/** Starts a request and returns both of its ends. */
async function begins() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const sent = send({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': 5 } })
  sent.on('error', () => {})
  sent.write('hel')
  const [received] = (await once(server, 'request')) as [IncomingMessage]
  return { sent, body: bodyOf(received) }
}

test('the body of a request is read to its end', async () => {
  const { sent, body } = await begins()
  sent.end('lo')
  expect(String(await body)).toBe('hello')
})

test('a request whose sender leaves in the middle has no body, and is no error', async () => {
  const { sent, body } = await begins()
  sent.destroy()
  expect(await body).toBeNull()
})
