import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { connectRedis } from '../../../src/platform/redis/connect.ts'
import { redisOptions } from '../../../src/platform/redis/options.ts'
import { createRedis, installedRedis } from '../../setup/redis.ts'
import { eventually } from '../../world/eventually.ts'

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`
const greeting = `%1\r\n${bulk('proto')}:3\r\n`

/** Answers as a Sentinel that knows one primary and no other Sentinel. It can keep a question open. */
async function openSentinel(primaryUrl: string) {
  let port = new URL(primaryUrl).port
  let isSlow = false
  const asked: Socket[] = []
  const subscribed = new Set<Socket>()
  const sockets = new Set<Socket>()
  const reply = (socket: Socket) => socket.write(`*2\r\n${bulk('127.0.0.1')}${bulk(port)}`)
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      for (const word of bytes.toString().toLowerCase().split('\r\n'))
        if (word === 'hello') socket.write(greeting)
        else if (word === 'client') socket.write('+OK\r\n')
        else if (word === 'sentinels') socket.write('*0\r\n')
        else if (word === 'get-master-addr-by-name') isSlow ? asked.push(socket) : reply(socket)
        else if (word === 'subscribe') {
          subscribed.add(socket)
          socket.write(`>3\r\n${bulk('subscribe')}${bulk('+switch-master')}:1\r\n`)
        }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    keepsQuestions() {
      isSlow = true
    },
    /** Announces the new primary, and then answers the open questions. */
    promotes(url: string) {
      port = new URL(url).port
      isSlow = false
      const event = `>3\r\n${bulk('message')}${bulk('+switch-master')}${bulk('chat-primary')}`
      for (const socket of subscribed) socket.write(event)
      setImmediate(() => asked.map(reply))
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe.skipIf(!installedRedis())('a client of Redis Sentinel', async () => {
  const [former, current] = [await createRedis(), await createRedis()]
  afterAll(() => Promise.all([former.kill(), current.kill()]))

  test('connects to the new primary when the failover is announced while it asks for it', async () => {
    await Promise.all([former.start(), current.start()])
    const sentinel = await openSentinel(former.url)
    const redis = connectRedis(
      {
        url: 'redis://chat-primary',
        sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
        sentinelPassword: undefined,
      },
      // The question stays open for as long as the test needs.
      { ...redisOptions({ redisRefused: () => {} }), commandTimeout: 20_000 },
    )
    onTestFinished(() => {
      redis.disconnect()
      sentinel.close()
    })
    redis.on('error', () => {})
    await redis.connect()
    sentinel.keepsQuestions()
    await former.kill()
    await eventually(() => expect(sentinel.asked).not.toHaveLength(0))
    sentinel.promotes(current.url)
    await eventually(() => expect(redis.status).toBe('ready'))
    expect(await redis.ping()).toBe('PONG')
  })
})
