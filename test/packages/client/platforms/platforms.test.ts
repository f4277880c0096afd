import { join } from 'node:path'
import { setInterval } from 'node:timers'
import { createContext, runInContext } from 'node:vm'
import { build, stop } from 'esbuild'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { createParlance } from '../../../../packages/client/src/create-parlance.ts'
import type { Parlance, ParlanceOptions } from '../../../../packages/client/src/parlance.ts'
import { memoryStorage } from '../../../../packages/client/src/session/storage.ts'
import { eventStreams } from '../../../../packages/client/src/transport/event-streams.ts'
import type { WebSocketLike } from '../../../../packages/client/src/transport/frames.ts'
import type { miniProgram } from '../../../../packages/client/src/wx.ts'
import { revokesOthers } from '../../../auth/verbs.ts'
import { cuttingProxy } from '../../../clients/cutting-proxy.ts'
import { type Person, passwordOf } from '../../../world/person.ts'
import { useWorld } from '../../../world/world.ts'
import { standInWx } from './stand-in-wx.ts'

const world = useWorld()
afterAll(() => void stop())

/** A WebSocket as a proxy that knows none answers it. */
function refusedSocket(): WebSocketLike {
  const socket: WebSocketLike = {
    ...{ onopen: null, onmessage: null, onclose: null, onerror: null },
    send() {},
    close() {},
  }
  queueMicrotask(() => socket.onclose?.({ code: 1006 } as never))
  return socket
}

const soon = (listener: () => void) => {
  const timer = setInterval(listener, 50)
  return () => clearInterval(timer)
}

function opens(options: Omit<ParlanceOptions, 'url'> & { url?: string }): Parlance {
  const parlance = createParlance({ url: world.url, storage: memoryStorage(), wake: soon, ...options })
  onTestFinished(() => parlance.close())
  return parlance
}

const signsIn = (parlance: Parlance, { handle }: Person) =>
  parlance.login({ handle, password: passwordOf(handle), device: { name: 'test', platform: 'WEB' } })

const lastTextIn = (parlance: Parlance) => parlance.conversations.get()[0]?.lastMessage?.plainText
const shows = (parlance: Parlance, text: string) =>
  vi.waitFor(() => expect(lastTextIn(parlance)).toBe(text), { timeout: 15_000 })

test('where WebSockets are refused, messages arrive as server-sent events, and continue after cuts', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const proxy = await cuttingProxy(world.url)
  let refusals = 0
  const webSocket = () => {
    refusals += 1
    return refusedSocket()
  }
  const parlance = opens({ url: proxy.url, webSocket, fallback: eventStreams() })
  await signsIn(parlance, alice)
  await vi.waitFor(() => expect(parlance.connection.get()).toBe('open'), { timeout: 15_000 })
  expect(refusals).toBeGreaterThan(0)
  for (let round = 0; round < 3; round += 1) {
    await bob.sends(id, `before cut ${round}`)
    await shows(parlance, `before cut ${round}`)
    proxy.cut()
    await bob.sends(id, `during cut ${round}`)
    await shows(parlance, `during cut ${round}`)
  }
})

test('a session that ends elsewhere signs out a client of server-sent events', async () => {
  const [alice] = await world.friends('alice', 'bob')
  const parlance = opens({ webSocket: refusedSocket, fallback: eventStreams() })
  await signsIn(parlance, alice)
  await vi.waitFor(() => expect(parlance.connection.get()).toBe('open'), { timeout: 15_000 })
  await revokesOthers(alice)
  await vi.waitFor(() => expect(parlance.session.get().status).toBe('signedOut'), { timeout: 15_000 })
  expect(parlance.conversations.get()).toEqual([])
})

test('a WebSocket that works again is used in place of server-sent events', async () => {
  const alice = await world.person('alice')
  const { WebSocket } = await import('ws')
  let works = false
  const opened: string[] = []
  const parlance = opens({
    webSocket(url, protocol) {
      if (!works) return refusedSocket()
      opened.push('webSocket')
      return new WebSocket(url, protocol)
    },
    fallback(url, protocol) {
      if (works) return refusedSocket()
      opened.push('events')
      return eventStreams()(url, protocol)
    },
  })
  await signsIn(parlance, alice)
  await vi.waitFor(() => expect(parlance.connection.get()).toBe('open'), { timeout: 15_000 })
  works = true
  await parlance.logout()
  await signsIn(parlance, alice)
  await vi.waitFor(() => expect(opened.at(-1)).toBe('webSocket'), { timeout: 15_000 })
  await vi.waitFor(() => expect(parlance.connection.get()).toBe('open'), { timeout: 15_000 })
})

/** The client as a mini-program runs it: JavaScript and `wx`, without anything of a browser or of Node. */
async function inMiniProgram() {
  const source = join(import.meta.dirname, '../../../../packages/client/src')
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './index.ts'; export * from './wx.ts'`,
      resolveDir: source,
      loader: 'ts',
    },
    ...{
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'client',
      target: 'es2022',
      platform: 'neutral',
    },
  })
  const timers = { setTimeout, clearTimeout, setInterval, clearInterval }
  const context = createContext({ ...timers })
  runInContext(outputFiles[0]?.text ?? '', context)
  return context.client as { createParlance: typeof createParlance; miniProgram: typeof miniProgram }
}

test('a mini-program signs in, receives, sends, and is signed in after it starts again', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const client = await inMiniProgram()
  const { wx, calls, stored, comesBack } = standInWx()
  const start = () => {
    const parlance = client.createParlance({ url: world.url, ...client.miniProgram(wx) })
    onTestFinished(() => parlance.close())
    return parlance
  }
  const first = start()
  await signsIn(first, alice)
  await bob.sends(id, 'hello')
  await shows(first, 'hello')
  const sent = await first.conversation(id).send('hello yourself')
  expect((await bob.history(id))?.at(-1)?.plainText).toBe(sent.plainText)
  first.close()

  const second = start()
  comesBack()
  await shows(second, 'hello yourself')
  expect(calls.connectSocket).toBe(2)
  await second.logout()
  expect([...stored.keys()]).toEqual([])
})
