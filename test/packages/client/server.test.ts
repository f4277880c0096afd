import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createParlance } from '../../../packages/client/src/create-parlance.ts'
import { Inbox } from '../../../packages/client/src/generated/documents.ts'
import { memoryStorage } from '../../../packages/client/src/session/storage.ts'
import type { Signal } from '../../../packages/client/src/signal.ts'
import { protocol } from '../../../packages/client/src/transport/frames.ts'
import { updatesProfile } from '../../account/verbs.ts'
import { changesPassword } from '../../auth/verbs.ts'
import { cuttingProxy } from '../../clients/cutting-proxy.ts'
import { approves, asksToJoin } from '../../group/verbs.ts'
import { png } from '../../media/samples.ts'
import { fetched, processed, uploadsReady } from '../../media/verbs.ts'
import { type Person, passwordOf } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { lastingRecords, phoneOf } from './phone.ts'

const world = useWorld()
const patience = { timeout: 20_000, interval: 20 }
const becomes = (read: () => unknown, value: unknown) =>
  vi.waitFor(() => expect(read()).toEqual(value), patience)

/** What people said, without system messages. */
const historyOf = async (person: Person, id: string) =>
  ((await person.history(id)) ?? []).filter(({ sender }) => sender !== null)

/** The phone of a person on a network that the test cuts. */
async function onNetwork(person: Person, more: Parameters<typeof phoneOf>[3] = {}) {
  const proxy = await cuttingProxy(world.url)
  const phone = phoneOf(person, proxy.url, undefined, more)
  onTestFinished(() => phone.close())
  await vi.waitFor(() => expect(phone.parlance.me.get()).not.toBeNull(), patience)
  const textsIn = (id: string) => () =>
    phone.parlance
      .conversation(id)
      .messages.get()
      .items.flatMap(({ sender, plainText }) => (sender ? [plainText] : []))
  return { proxy, phone, textsIn }
}

/** Keeps a signal on screen until the test ends. */
function shown<Value>(signal: Signal<Value>): () => Value {
  onTestFinished(signal.subscribe(() => {}))
  return signal.get
}

test('the members of a group on screen follow additions, removals and new names', async () => {
  const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  const { id } = await bob.creates('tea', [alice, carol])
  const { phone } = await onNetwork(alice)
  const members = shown(phone.parlance.conversation(id).members)
  const names = () =>
    members()
      .items.map(({ user }) => user.displayName)
      .sort()
  await becomes(names, ['alice', 'bob', 'carol'])
  await bob.adds(id, dave)
  await becomes(names, ['alice', 'bob', 'carol', 'dave'])
  await bob.removes(id, carol)
  await updatesProfile(dave, { displayName: 'david' })
  await becomes(names, ['alice', 'bob', 'david'])
})

test('a system message has no sender, and its sentence has the present names of those whom it is about', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.creates('tea', [alice])
  const { phone } = await onNetwork(alice)
  const items = () => phone.parlance.conversation(id).messages.get().items
  const said = () => items().map(({ sender, senderName, plainText }) => [sender, senderName, plainText])
  await becomes(said, [[null, null, 'bob created the group with alice']])
  await updatesProfile(bob, { displayName: 'robert' })
  await becomes(said, [[null, null, 'robert created the group with alice']])
  expect(phone.parlance.conversations.get().find((one) => one.id === id)?.lastMessage).toEqual(items()[0])
})

test('receipts of a group are right after a reconnect, and after the viewer was removed and added again', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await bob.creates('tea', [alice, carol])
  const { seq } = await bob.sends(id, 'one')
  const { phone, proxy } = await onNetwork(alice)
  const receipts = shown(phone.parlance.conversation(id).receipts)
  const read = () => receipts()[carol.id]?.readSeq
  await carol.reads(id, seq)
  await becomes(read, seq)
  proxy.storm(() => 0)
  await bob.sends(id, 'two')
  await carol.reads(id, seq + 1)
  proxy.calm()
  await becomes(read, seq + 1)
  await bob.removes(id, alice)
  await becomes(() => phone.parlance.conversation(id).state.get(), null)
  await bob.adds(id, alice)
  await becomes(read, seq + 1)
})

test('requests to join a group reach its owner, and end when they are approved', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('tea', [], { joinPolicy: 'APPROVAL' })
  const { phone } = await onNetwork(alice)
  const requests = shown(phone.parlance.conversation(id).joinRequests)
  const request = await asksToJoin(bob, id, 'please')
  await becomes(() => requests().map(({ user, note }) => [user.displayName, note]), [['bob', 'please']])
  await approves(alice, request)
  await becomes(requests, [])
})

test('a picture whose address expired, or fails to load, gets one that works', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const bytes = await png()
  const { id: mediaId } = await uploadsReady(bob, { bytes, filename: 'tea.png', mimeType: 'image/png' })
  await bob.sendsContent(id, { image: { mediaId } })
  const { phone, textsIn } = await onNetwork(alice)
  await becomes(() => textsIn(id)().length, 1)
  const content = phone.parlance.conversation(id).messages.get().items.at(-1)?.content
  if (content?.__typename !== 'ImageContent' || !content.media) throw new Error('There is no picture.')
  const dead = { ...content.media, url: `${world.url}/gone` }

  const expired = shown(phone.parlance.media({ ...dead, urlExpiresAt: '2026-01-01T00:00:00.000Z' }))
  await vi.waitFor(async () => expect((await fetched(expired().url)).status).toBe(200), patience)

  // By a clock that is behind, no address has expired.
  const other = await onNetwork(alice)
  const view = other.phone.parlance.media({ ...dead, urlExpiresAt: content.media.urlExpiresAt })
  expect(shown(view)().url).toBe(dead.url)
  await view.refresh()
  expect((await fetched(view.get().url)).status).toBe(200)
})

test('a file that waits for the network is sent by the application that is opened next', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const files = lastingRecords()
  const { phone, proxy, textsIn } = await onNetwork(alice, { files })
  const bytes = await png(20, 20)
  proxy.storm(() => 0)
  const view = phone.parlance.conversation(id)
  const { key } = view.send({
    file: new Blob([new Uint8Array(bytes)], { type: 'image/png' }),
    name: 'tea.png',
  })
  void view.send('the picture above')
  await becomes(() => files.kept.has(key), true)
  await vi.waitFor(
    () => expect(phone.parlance.outbox.items.get().map(({ state }) => state.status)).toContain('uploading'),
    patience,
  )
  await phone.reload()
  proxy.calm()
  await becomes(() => textsIn(id)().length, 2)
  const [picture, text] = await historyOf(bob, id)
  expect([picture?.clientMessageId, text?.plainText]).toEqual([key, 'the picture above'])
  const sent = phone.parlance.conversation(id).messages.get().items.at(-2)?.content
  if (sent?.__typename !== 'ImageContent' || !sent.media) throw new Error('There is no picture.')
  const { status, filename } = await processed(bob, sent.media.id)
  expect([status, filename]).toEqual(['READY', 'tea.png'])
  await becomes(() => files.kept.size, 0)
})

test('a recall while the application is closed leaves its cache and its screen', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const message = await bob.sends(id, 'a secret')
  const records = lastingRecords()
  const cache = { conversations: 10, messagesEach: 10, records }
  const { phone, textsIn } = await onNetwork(alice, { cache })
  const kept = () => JSON.stringify([...records.kept])
  await vi.waitFor(() => expect(kept()).toContain('a secret'), patience)
  phone.close()
  await bob.recalls(message)
  await phone.reload()
  await vi.waitFor(() => expect(phone.parlance.conversation(id).state.get()).not.toBeNull(), patience)
  await vi.waitFor(() => expect(textsIn(id)()).not.toContain('a secret'), patience)
  await vi.waitFor(() => expect(kept()).not.toContain('a secret'), patience)
})

test('a member who is removed and added again while offline sees the group as a new member does', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.creates('tea', [alice])
  const message = await bob.sends(id, 'before')
  const { phone, proxy, textsIn } = await onNetwork(alice)
  await becomes(textsIn(id), ['before'])
  proxy.storm(() => 0)
  await bob.removes(id, alice)
  await bob.recalls(message)
  await bob.adds(id, alice)
  await bob.sends(id, 'after')
  proxy.calm()
  await becomes(textsIn(id), ['after'])
  const left: string[] = []
  phone.parlance.on('removed', ({ conversationId }) => void left.push(conversationId))
  await bob.removes(id, alice)
  await becomes(() => left, [id])
  expect(phone.parlance.conversations.get().map((one) => one.id)).not.toContain(id)
})

test('a password that is changed on another device signs this one out', async () => {
  const [alice] = await world.friends('alice', 'bob')
  const { phone } = await onNetwork(alice)
  const reasons: unknown[] = []
  phone.parlance.on('signedOut', ({ reason }) => void reasons.push(reason))
  await vi.waitFor(() => expect(phone.parlance.connection.get()).toBe('open'), patience)
  const other = await alice.onAnotherDevice()
  await changesPassword(other, { current: passwordOf(alice.handle), next: 'another password of alice' })
  await vi.waitFor(() => expect(reasons).toHaveLength(1), patience)
  expect(phone.parlance.session.get().status).toBe('signedOut')
  expect(phone.parlance.conversations.get()).toEqual([])
})

test('after an hour with a closed lid one refresh and one socket bring everything, in one request for the first screen', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const proxy = await cuttingProxy(world.url)
  const asked: string[] = []
  const wakes = new Set<() => void>()
  let sockets = 0
  const parlance = createParlance({
    ...{ url: proxy.url, storage: memoryStorage() },
    fetch(url, init) {
      asked.push(String(JSON.parse(init.body).query.match(/^\w+ (\w+)/)?.[1]))
      return fetch(url, init)
    },
    webSocket(url, protocol) {
      sockets += 1
      return new WebSocket(url, protocol)
    },
    wake(listener) {
      wakes.add(listener)
      return () => void wakes.delete(listener)
    },
  })
  onTestFinished(() => parlance.close())
  await parlance.login({
    handle: alice.handle,
    password: passwordOf(alice.handle),
    device: { name: 'laptop', platform: 'WEB' },
  })
  await vi.waitFor(() => expect(parlance.connection.get()).toBe('open'), patience)
  await becomes(() => parlance.conversations.get().map((one) => one.id), [id])
  expect(asked).toEqual(['Login', 'FirstScreen'])

  proxy.vanish()
  proxy.storm(() => 0)
  await bob.sends(id, 'while the lid was closed')
  // The clock of the device and that of the server are the same here: the token has expired for both.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
  onTestFinished(() => void vi.useRealTimers())
  proxy.calm()
  for (const wake of [...wakes]) wake()
  await becomes(() => parlance.conversations.get()[0]?.lastMessage?.plainText, 'while the lid was closed')
  expect(asked.filter((name) => name === 'RefreshSession')).toHaveLength(1)
  expect(parlance.session.get().status).toBe('signedIn')
  expect(sockets).toBeLessThanOrEqual(3)
})

test('a server that restarts gets what was sent meanwhile, once and in order', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const { phone, textsIn } = await onNetwork(alice)
  await vi.waitFor(() => expect(phone.parlance.connection.get()).toBe('open'), patience)
  const view = phone.parlance.conversation(id)
  const sendings = [view.send('before')]
  const restarting = world.restarts()
  sendings.push(view.send('during'), view.send('after'))
  await restarting
  await Promise.all(sendings)
  await bob.sends(id, 'and an answer')
  const all = ['before', 'during', 'after', 'and an answer']
  await becomes(textsIn(id), all)
  expect((await historyOf(bob, id)).map(({ plainText }) => plainText)).toEqual(all)
})

/** Sizes of the text frames that a socket receives, in order, headers included. */
function receivedFrames(wire: Socket): number[] {
  const sizes: number[] = []
  let bytes = Buffer.alloc(0)
  wire.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    for (let size = frameSize(bytes); bytes.length >= size; size = frameSize(bytes)) {
      if (((bytes[0] ?? 0) & 15) === 1) sizes.push(size)
      bytes = bytes.subarray(size)
    }
  })
  return sizes
}

/** Of the frame that begins here; more than there is when its header is incomplete. */
function frameSize(bytes: Buffer): number {
  const short = (bytes[1] ?? 0) & 127
  if (short < 126) return 2 + short
  return bytes.length < 4 ? 4 : 4 + bytes.readUInt16BE(2)
}

/** What the inbox of the package costs a reader on the wire: bytes of the frame of each new message. */
async function bytesOfEvents(alice: Person, send: (text: string) => Promise<unknown>, options: object = {}) {
  const path = 'perMessageDeflate' in options ? '' : '?save-data=on'
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql${path}`, protocol, options)
  onTestFinished(() => socket.terminate())
  let frames: number[] = []
  socket.once('upgrade', ({ socket: wire }) => {
    frames = receivedFrames(wire)
  })
  await once(socket, 'open')
  const sizes: number[] = []
  let live = false
  let received = 0
  const say = (frame: object) => socket.send(JSON.stringify(frame))
  socket.on('message', (data: Buffer) => {
    const { type, payload } = JSON.parse(String(data))
    const kind = payload?.data?.inbox.__typename
    if (type === 'connection_ack')
      say({ id: '1', type: 'subscribe', payload: { query: Inbox, variables: { streamId: 'wire' } } })
    if (kind === 'Checkpoint') live = true
    if (kind === 'MessagesChanged') sizes.push(frames[received] ?? Number.NaN)
    received += 1
  })
  say({ type: 'connection_init', payload: { authorization: `Bearer ${alice.credentials.accessToken}` } })
  await vi.waitFor(() => expect(live).toBe(true), patience)
  for (const [index, text] of texts.entries()) {
    await send(text)
    await vi.waitFor(() => expect(sizes.length).toBeGreaterThan(index), patience)
  }
  return sizes
}

const texts = [
  'Are you there?',
  'The water boils, and I have found the tea that you brought from the mountains last year.',
  'We meet at nine at the old market, and then we walk along the river until it begins to rain.',
  '好的,九点在老市场见。',
  'No, wait! Dave has a question about the tickets; he writes that the train at 08:52 is full.',
  'ok 👍',
]

test('the event of a message costs a reader at most 1 KB, and 200 bytes after the first one with compression for phones', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const send = (text: string) => bob.sends(id, text)
  for (const size of await bytesOfEvents(alice, send, { perMessageDeflate: false }))
    expect(size).toBeLessThanOrEqual(1_024)
  const [first, ...others] = await bytesOfEvents(alice, send)
  expect(first).toBeLessThanOrEqual(512)
  for (const size of others) expect(size).toBeLessThanOrEqual(200)
})

test('a client that saves data says so in the address of its socket', async () => {
  const [alice] = await world.friends('alice', 'bob')
  const addresses: string[] = []
  const webSocket = (address: string, protocol: string) => {
    addresses.push(address)
    return new WebSocket(address, protocol)
  }
  for (const saveData of [undefined, true])
    await onNetwork(alice, { webSocket, ...(saveData && { saveData }) })
  await vi.waitFor(() => expect(addresses).toHaveLength(2), patience)
  expect(addresses.map((address) => new URL(address).search)).toEqual(['', '?save-data=on'])
})
