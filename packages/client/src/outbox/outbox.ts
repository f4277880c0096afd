import { errorWith, type ParlanceError, present } from '../errors.ts'
import { type MessageContentInput, SendMessage } from '../generated/documents.ts'
import type { Lock } from '../session/lock.ts'
import type { Records } from '../session/records.ts'
import type { KeyValueStorage } from '../session/storage.ts'
import { type Signal, signal } from '../signal.ts'
import type { OwnMessage } from '../store/state.ts'
import type { Perform } from '../transport/perform.ts'
import type { Wake } from '../transport/wake.ts'
import { type Item, type ItemState, type Pending, stateOf } from './item.ts'
import { savedItems } from './saved.ts'
import { createSendQueue, type SendQueue } from './send-queue.ts'
import { defaultSendBytes, type SendBytes, uploadFile } from './upload.ts'

export interface OutboxOptions {
  perform: Perform
  storage: KeyValueStorage
  lock: Lock
  wake: Wake
  /** Name of the stored items; one for each user. */
  name: string
  /** Keeps files until they are uploaded, so that they survive a reload. */
  files?: Records
  /** The stored message, before its item is taken out. */
  onSent(message: OwnMessage): void
  /** The outcome of an item, before it is taken out. */
  onSettled?(key: string, outcome: OwnMessage | ParlanceError): void
  sendBytes?: SendBytes
}

export interface Outbox {
  readonly items: Signal<readonly Pending[]>
  /** Ignored for a key that waits already. */
  add(item: Item, file?: Blob): void
  retry(key: string): void
  cancel(key: string): boolean
  stop(): void
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { perform, onSent, onSettled, sendBytes = defaultSendBytes } = options
  const saved = savedItems(options.storage, options.lock, options.name)
  const items = signal<readonly Pending[]>([])
  const queues = new Map<string, SendQueue>()
  const files = new Map<string, Blob>()
  /** Items in queues. */
  const begun = new Set<string>()
  let stopped = false

  const find = (key: string) => items.get().find((item) => item.key === key)
  const change = (key: string, next: Partial<Item> & { state?: ItemState }) =>
    items.set(items.get().map((item) => (item.key === key ? { ...item, ...next } : item)))

  async function save(key: string): Promise<void> {
    const item = find(key)
    if (!item) return
    const { state: _, ...stored } = item
    await saved.put(stored)
  }

  function take(key: string): void {
    items.set(items.get().filter((item) => item.key !== key))
    begun.delete(key)
    dropFile(key)
  }

  async function keepFile(key: string): Promise<void> {
    const file = files.get(key)
    // Without a place for it, it is lost in a reload.
    if (file) await options.files?.change(new Map([[key, file]])).catch(() => {})
  }

  async function fileOf(key: string): Promise<Blob | undefined> {
    const kept = files.has(key) ? undefined : await options.files?.load().catch(() => undefined)
    return files.get(key) ?? (kept?.get(key) as Blob | undefined)
  }

  function dropFile(key: string): void {
    files.delete(key)
    if (options.files) void options.files.change(new Map([[key, undefined]])).catch(() => {})
  }

  async function upload(item: Pending): Promise<MessageContentInput> {
    const file = await fileOf(item.key)
    if (!file) throw errorWith('FILE_LOST', 'The file was lost in a reload.')
    const onProgress = (fraction: number) =>
      change(item.key, { state: { status: 'uploading', progress: fraction } })
    onProgress(0)
    const content = await uploadFile(item, file, { perform, sendBytes, onProgress })
    change(item.key, { content })
    await save(item.key)
    dropFile(item.key)
    return content
  }

  async function attempt(key: string): Promise<void> {
    const item = find(key)
    // It was cancelled.
    if (!item || stopped) return
    const content = item.content ?? (await upload(item))
    if (!find(key) || stopped) return
    change(key, { state: { status: 'sending' } })
    const { conversationId, quoteSeq } = item
    try {
      const input = { conversationId, content, clientMessageId: key, quoteSeq }
      const { message } = present((await perform(SendMessage, { input })).sendMessage)
      if (stopped) return
      onSent(message)
      await saved.remove(key)
      onSettled?.(key, message)
      take(key)
    } catch (error) {
      change(key, { state: { status: 'waiting' } })
      throw error
    }
  }

  function fail(key: string, error: ParlanceError): void {
    begun.delete(key)
    change(key, { state: { status: 'failed', error }, failedWith: error.code })
    save(key).catch(() => {})
    onSettled?.(key, error)
  }

  function enqueue({ key, conversationId }: Item): void {
    if (stopped || begun.has(key)) return
    begun.add(key)
    const queue = queues.get(conversationId) ?? createSendQueue(attempt, fail, options.wake)
    queues.set(conversationId, queue)
    queue.add(key)
  }

  // Items of an earlier page come first. New ones wait until those are in their queues.
  let ready: Promise<unknown> = saved.load().then((earlier) => {
    if (stopped) return
    const restored = earlier.map((item): Pending => ({ ...item, state: stateOf(item) }))
    const keys = new Set(restored.map(({ key }) => key))
    items.set([...restored, ...items.get().filter(({ key }) => !keys.has(key))])
    for (const item of restored) if (!item.failedWith) enqueue(item)
  })

  function cancel(key: string): boolean {
    const status = find(key)?.state.status
    if (!status || status === 'sending') return false
    take(key)
    ready = ready.then(() => saved.remove(key))
    return true
  }

  return {
    items,
    add(item, file) {
      const { key } = item
      if (file) files.set(key, file)
      if (find(key) || stopped) return
      items.set([...items.get(), { ...item, state: { status: 'waiting' } }])
      // Stored before it is sent, in the order of the calls.
      ready = ready.then(async () => {
        // It was cancelled, or a page before this one has stored it.
        if (!find(key) || begun.has(key) || find(key)?.failedWith) return
        await keepFile(key)
        await saved.put(item)
        enqueue(item)
      })
      ready.catch(() => fail(key, errorWith('INTERNAL', 'The message could not be stored.')))
      ready = ready.catch(() => {})
    },
    retry(key) {
      const item = find(key)
      if (item?.state.status !== 'failed') return
      change(key, { state: { status: 'waiting' }, failedWith: undefined })
      save(key).catch(() => {})
      enqueue(item)
    },
    cancel,
    stop() {
      stopped = true
      for (const queue of queues.values()) queue.stop()
    },
  }
}
