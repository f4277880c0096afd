import { expect, test } from 'vitest'
import { errorOf } from '../../../packages/client/src/errors.ts'
import { createOutbox, type OutboxOptions } from '../../../packages/client/src/outbox/outbox.ts'
import { createSender } from '../../../packages/client/src/outbox/sender.ts'
import { localLock } from '../../../packages/client/src/session/lock.ts'
import { memoryStorage } from '../../../packages/client/src/session/storage.ts'
import { until } from '../../../packages/client/src/signal.ts'
import type { OwnMessage } from '../../../packages/client/src/store/state.ts'
import type { Perform } from '../../../packages/client/src/transport/perform.ts'

const coded = (code: string, extensions: object = {}) =>
  errorOf({ message: code, extensions: { code, ...extensions } })
const never = new Promise<never>(() => {})

/** A server that stores each key once, and a network whose faults the test decides. */
class Post {
  readonly stored: { key: string; conversationId: string; text: string }[] = []
  /** Called before and after each request; throwing loses the request or its answer. */
  fault: (moment: 'before' | 'after', name: string) => unknown = () => undefined

  readonly perform: Perform = async (document, variables) => {
    const name = String(document.match(/^\w+ (\w+)/)?.[1])
    await this.fault('before', name)
    const answer = this.#answer(name, (variables as { input: Record<string, never> }).input)
    await this.fault('after', name)
    return answer as never
  }

  #answer(name: string, input: Record<string, never>): object {
    if (name === 'CreateUpload')
      return {
        createUpload: { ticket: { url: '/uploads/1', method: 'PUT', headers: [], media: { id: 'media' } } },
      }
    if (name === 'CompleteUpload')
      return { completeUpload: { media: { id: 'media', kind: 'IMAGE', status: 'READY' } } }
    const {
      clientMessageId: key,
      conversationId,
      content,
    } = input as never as {
      clientMessageId: string
      conversationId: string
      content: object
    }
    if (!this.stored.some((message) => message.key === key))
      this.stored.push({ key, conversationId, text: JSON.stringify(content) })
    return { sendMessage: { message: { id: key, clientMessageId: key } as OwnMessage } }
  }

  keysIn(conversationId: string): string[] {
    return this.stored.filter((message) => message.conversationId === conversationId).map(({ key }) => key)
  }
}

function page(post: Post, storage = memoryStorage(), more: Partial<OutboxOptions> = {}) {
  let count = 0
  const wakes = new Set<() => void>()
  const engine = createOutbox({
    ...{ perform: post.perform, storage, lock: localLock(), name: 'outbox', onSent: () => {} },
    onSettled: (key, outcome) => sender.settled(key, outcome),
    wake(listener) {
      wakes.add(listener)
      // The next attempt begins at once.
      queueMicrotask(listener)
      return () => void wakes.delete(listener)
    },
    ...more,
  })
  const sender = createSender(engine, () => `key ${++count}`)
  const outbox = { ...sender, stop: engine.stop }
  return { outbox, storage, isEmpty: () => until(outbox.items, (items) => items.length === 0) }
}

test('killed at any step, a page that opens again sends each key once and in order', async () => {
  const wanted = ['key 1', 'key 2', 'key 3']
  for (let killedAt = 1; ; killedAt += 1) {
    const post = new Post()
    const storage = memoryStorage()
    let steps = 0
    let dead = () => {}
    const killed = new Promise<void>((resolve) => {
      dead = resolve
    })
    // The process ends at this step: nothing after it happens.
    const step = () => {
      steps += 1
      if (steps < killedAt) return undefined
      dead()
      return never
    }
    post.fault = step
    const dying = {
      getItem: (key: string) => storage.getItem(key),
      setItem: async (key: string, value: string) => {
        await step()
        await storage.setItem(key, value)
        await step()
      },
      removeItem: async (key: string) => {
        await step()
        await storage.removeItem(key)
        await step()
      },
    }
    const first = page(post, dying)
    for (const text of ['one', 'two', 'three']) void first.outbox.send('direct', { text })
    const finished = await Promise.race([first.isEmpty().then(() => true), killed.then(() => false)])
    first.outbox.stop()

    post.fault = () => undefined
    const second = page(post, storage)
    await new Promise(setImmediate)
    await second.isEmpty()
    // What was not stored before the end was not promised; all else arrives, in order.
    expect(post.keysIn('direct')).toEqual(wanted.slice(0, post.stored.length))
    expect(await storage.getItem('outbox')).toBeNull()
    if (finished) break
    expect(killedAt).toBeLessThan(60)
  }
})

test.each(['NETWORK', 'OUTCOME_UNKNOWN', 'UNAVAILABLE', 'UNAUTHENTICATED'])(
  'a send that fails with %s is repeated with its key, and later ones wait',
  async (code) => {
    const post = new Post()
    let faults = 0
    post.fault = (moment) => {
      faults += 1
      if (moment === (faults % 2 ? 'before' : 'after') && faults < 8) throw coded(code)
    }
    const { outbox, isEmpty } = page(post)
    const sendings = ['one', 'two', 'three'].map((text) => outbox.send('direct', { text }))
    await isEmpty()
    expect(post.keysIn('direct')).toEqual(sendings.map(({ key }) => key))
    expect((await (sendings[1] as (typeof sendings)[number])).id).toBe('key 2')
  },
)

test('a message that the server refuses fails, the next one is sent, and a retry keeps the key', async () => {
  const post = new Post()
  post.fault = () => {
    if (post.stored.length === 0) {
      post.fault = () => undefined
      throw coded('MUTED')
    }
  }
  const { outbox, storage } = page(post)
  const first = outbox.send('direct', { text: 'one' })
  const second = outbox.send('direct', { text: 'two' })
  await expect(first).rejects.toMatchObject({ code: 'MUTED' })
  await second
  expect(outbox.items.get().map(({ key, state }) => [key, state.status])).toEqual([['key 1', 'failed']])

  // A reload neither sends it nor forgets it.
  const { outbox: reloaded, isEmpty } = page(post, storage)
  await until(reloaded.items, (items) => items.length === 1)
  await new Promise(setImmediate)
  expect(post.keysIn('direct')).toEqual(['key 2'])
  reloaded.retry('key 1')
  await isEmpty()
  expect(post.keysIn('direct')).toEqual(['key 2', 'key 1'])
})

test('a conversation that waits does not hold up another', async () => {
  const post = new Post()
  const { outbox } = page(post)
  let calls = 0
  post.fault = (moment) => {
    calls += 1
    return calls === 1 && moment === 'before' ? never : undefined
  }
  void outbox.send('direct', { text: 'stuck' })
  await outbox.send('group', { text: 'free' })
  expect(post.keysIn('group')).toEqual(['key 2'])
  outbox.stop()
})

test('a cancelled message is not sent, also after a reload', async () => {
  const post = new Post()
  const { outbox, storage } = page(post)
  const sending = outbox.send('direct', { text: 'regretted' })
  expect(sending.cancel()).toBe(true)
  await expect(sending).rejects.toMatchObject({ code: 'CANCELLED' })
  await outbox.send('direct', { text: 'meant' })
  expect(post.keysIn('direct')).toEqual(['key 2'])
  expect(await storage.getItem('outbox')).toBeNull()
})

test('an upload reports its progress, is repeated after a cut, and becomes the content of the message', async () => {
  const post = new Post()
  const seen: number[] = []
  let attempts = 0
  const { outbox } = page(post, memoryStorage(), {
    async sendBytes({ onProgress }) {
      attempts += 1
      onProgress(0.5)
      if (attempts === 1) throw new Error('cut')
      onProgress(1)
      return 204
    },
  })
  const file = new Blob(['bytes'], { type: 'image/png' })
  const sending = outbox.send('direct', { file, name: 'tea.png', caption: 'tea' })
  sending.progress.subscribe(() => void seen.push(sending.progress.get()))
  await sending
  expect(seen).toEqual([0.5, 0, 0.5, 1])
  expect(post.stored.map(({ text }) => JSON.parse(text))).toEqual([
    { image: { mediaId: 'media', caption: 'tea' } },
  ])
})

test('a file that a reload lost before its upload is reported as FILE_LOST', async () => {
  const post = new Post()
  post.fault = () => never
  const { outbox, storage } = page(post)
  void outbox.send('direct', { file: new Blob(['bytes']), name: 'tea.png' })
  await until(outbox.items, ([item]) => item?.state.status === 'uploading')
  outbox.stop()
  post.fault = () => undefined
  const { outbox: reloaded } = page(post, storage)
  await until(reloaded.items, ([item]) => item?.state.status === 'failed')
  expect(reloaded.items.get()[0]?.state).toMatchObject({ error: { code: 'FILE_LOST' } })
})
