import { errorWith, type ParlanceError } from '../errors.ts'
import { type MessageContentInput, SendMessage } from '../generated/documents.ts'
import type { Lock } from '../session/lock.ts'
import type { KeyValueStorage } from '../session/storage.ts'
import { type Signal, signal } from '../signal.ts'
import type { OwnMessage } from '../store/state.ts'
import type { Perform } from '../transport/perform.ts'
import type { Wake } from '../transport/wake.ts'
import type { Item, ItemState, Pending, Upload } from './item.ts'
import { createLane, type Lane } from './lane.ts'
import { savedItems } from './saved.ts'
import { defaultSendBytes, type SendBytes, uploadFile } from './upload.ts'

export interface OutboxOptions {
  perform: Perform
  storage: KeyValueStorage
  lock: Lock
  wake: Wake
  /** Name of the stored items; one for each user. */
  name: string
  /** The stored message, before its item is taken out. */
  onSent(message: OwnMessage): void
  sendBytes?: SendBytes
  newKey?: () => string
}

/** Resolves with the message. Rejects when the server refuses it, or it is cancelled. */
export interface Sending extends Promise<OwnMessage> {
  readonly key: string
  /** The part of the upload that is done, 0 to 1; 1 without one. */
  readonly progress: Signal<number>
  /** Takes the message out unless it is being sent. Returns whether it did. */
  cancel(): boolean
}

export interface Outbox {
  readonly items: Signal<readonly Pending[]>
  send(conversationId: string, content: MessageContentInput | Upload, more?: { quoteSeq?: number }): Sending
  retry(key: string): void
  cancel(key: string): boolean
  wakeUp(): void
  stop(): void
}

interface Waiter {
  resolve(message: OwnMessage): void
  reject(error: ParlanceError): void
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { perform, onSent, sendBytes = defaultSendBytes, newKey = () => crypto.randomUUID() } = options
  const saved = savedItems(options.storage, options.lock, options.name)
  const items = signal<readonly Pending[]>([])
  const lanes = new Map<string, Lane>()
  const files = new Map<string, Blob>()
  const waiters = new Map<string, Waiter>()
  const progress = new Map<string, ReturnType<typeof signal<number>>>()
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
    files.delete(key)
    progress.delete(key)
  }

  async function upload(item: Pending): Promise<MessageContentInput> {
    const file = files.get(item.key)
    if (!file) throw errorWith('FILE_LOST', 'The file was lost in a reload before its upload.')
    const onProgress = (fraction: number) => {
      progress.get(item.key)?.set(fraction)
      change(item.key, { state: { status: 'uploading', progress: fraction } })
    }
    onProgress(0)
    const content = await uploadFile(item, file, { perform, sendBytes, onProgress })
    change(item.key, { content })
    await save(item.key)
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
      const { sendMessage } = await perform(SendMessage, { input })
      if (!sendMessage) throw errorWith('NETWORK', 'No answer to the send.')
      if (stopped) return
      onSent(sendMessage.message)
      await saved.remove(key)
      take(key)
      waiters.get(key)?.resolve(sendMessage.message)
      waiters.delete(key)
    } catch (error) {
      change(key, { state: { status: 'waiting' } })
      throw error
    }
  }

  function fail(key: string, error: ParlanceError): void {
    change(key, { state: { status: 'failed', error }, failedWith: error.code })
    ready = ready.then(() => save(key)).catch(() => {})
    waiters.get(key)?.reject(error)
    waiters.delete(key)
  }

  function enqueue({ key, conversationId }: Item): void {
    const lane = lanes.get(conversationId) ?? createLane(attempt, fail, options.wake)
    lanes.set(conversationId, lane)
    lane.add(key)
  }

  // Items of an earlier page come first. New ones wait until those are in their lanes.
  let ready: Promise<unknown> = saved.load().then((earlier) => {
    if (stopped) return
    const restored = earlier.map((item): Pending => ({ ...item, state: stateOf(item) }))
    items.set([...restored, ...items.get()])
    for (const item of restored) if (!item.failedWith) enqueue(item)
  })

  function cancel(key: string): boolean {
    const status = find(key)?.state.status
    if (!status || status === 'sending') return false
    take(key)
    ready = ready.then(() => saved.remove(key))
    waiters.get(key)?.reject(errorWith('CANCELLED', 'The message was cancelled.'))
    waiters.delete(key)
    return true
  }

  return {
    items,
    send(conversationId, given, more = {}) {
      const key = newKey()
      const file = 'file' in given && 'name' in given ? given : null
      const item: Item = {
        ...{ key, conversationId, createdAt: Date.now(), quoteSeq: more.quoteSeq },
        content: file ? null : (given as MessageContentInput),
        upload: file ? describe(file) : undefined,
      }
      const own = signal(file ? 0 : 1)
      if (file) files.set(key, file.file)
      progress.set(key, own)
      items.set([...items.get(), { ...item, state: { status: 'waiting' } }])
      const sent = new Promise<OwnMessage>((resolve, reject) => waiters.set(key, { resolve, reject }))
      // An application that does not wait for the message sees its state in `items`.
      sent.catch(() => {})
      // Stored before it is sent, in the order of the calls.
      ready = ready
        .then(() => (find(key) ? saved.put(item) : undefined))
        .then(() => (stopped ? undefined : enqueue(item)))
      ready.catch(() => fail(key, errorWith('INTERNAL', 'The message could not be stored.')))
      ready = ready.catch(() => {})
      return Object.assign(sent, { key, progress: own, cancel: () => cancel(key) })
    },
    retry(key) {
      const item = find(key)
      if (item?.state.status !== 'failed') return
      change(key, { state: { status: 'waiting' }, failedWith: undefined })
      ready = ready.then(() => save(key)).catch(() => {})
      enqueue(item)
    },
    cancel,
    wakeUp() {
      for (const lane of lanes.values()) lane.wakeUp()
    },
    stop() {
      stopped = true
      for (const lane of lanes.values()) lane.stop()
    },
  }
}

const stateOf = ({ failedWith }: Item): ItemState =>
  failedWith
    ? { status: 'failed', error: errorWith(failedWith, 'The message failed before the reload.') }
    : { status: 'waiting' }

const describe = ({ file, name, caption, asFile }: Upload) => ({
  ...{ name, caption, asFile, byteSize: file.size },
  mimeType: file.type || 'application/octet-stream',
})
