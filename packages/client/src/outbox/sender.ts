import { errorWith, type ParlanceError } from '../errors.ts'
import type { MessageContentInput } from '../generated/documents.ts'
import { computed, type Signal, signal } from '../signal.ts'
import type { OwnMessage } from '../store/state.ts'
import { randomId } from '../transport/random-id.ts'
import type { Item, Pending, Upload } from './item.ts'

/** Resolves with the message. Rejects when the server refuses it, or it is cancelled. */
export interface Sending extends Promise<OwnMessage> {
  readonly key: string
  /** The part of the upload that is done, 0 to 1; 1 without one. */
  readonly progress: Signal<number>
  /** Takes the message out unless it is being sent. Returns whether it did. */
  cancel(): boolean
}

/** The outbox that sends, which may be in another tab. */
export interface OutboxPort {
  readonly items: Signal<readonly Pending[]>
  add(item: Item, file?: Blob): void
  retry(key: string): void
  cancel(key: string): void
}

export interface Sender {
  /** The items of the outbox, and those of this tab that have not reached it. */
  readonly items: Signal<readonly Pending[]>
  send(conversationId: string, content: MessageContentInput | Upload, more?: { quoteSeq?: number }): Sending
  retry(key: string): void
  cancel(key: string): boolean
  settled(key: string, outcome: OwnMessage | ParlanceError): void
  /** Hands everything without an outcome to the outbox again, which knows the keys that it has. */
  resend(): void
  forget(): void
}

interface Unsettled {
  item: Item
  file?: Blob
  resolve(message: OwnMessage): void
  reject(error: ParlanceError): void
}

/** The sendings of one tab, with their outcomes. */
export function createSender(port: OutboxPort, newKey = randomId): Sender {
  const unsettled = signal<ReadonlyMap<string, Unsettled>>(new Map())
  const items = computed([port.items, unsettled], () => {
    const known = port.items.get()
    const keys = new Set(known.map(({ key }) => key))
    const early = [...unsettled.get().values()].filter(({ item }) => !keys.has(item.key))
    return [...known, ...early.map(({ item }): Pending => ({ ...item, state: { status: 'waiting' } }))]
  })
  const find = (key: string) => items.get().find((item) => item.key === key)

  function take(key: string): Unsettled | undefined {
    const found = unsettled.get().get(key)
    if (found) unsettled.set(new Map([...unsettled.get()].filter(([other]) => other !== key)))
    return found
  }

  function cancel(key: string): boolean {
    const status = find(key)?.state.status
    if (!status || status === 'sending') return false
    const waiting = take(key)
    port.cancel(key)
    waiting?.reject(errorWith('CANCELLED', 'The message was cancelled.'))
    return true
  }

  return {
    items,
    send(conversationId, given, more = {}) {
      const key = newKey()
      const upload = 'file' in given && 'name' in given ? given : null
      const item: Item = {
        ...{ key, conversationId, createdAt: Date.now(), quoteSeq: more.quoteSeq },
        content: upload ? null : (given as MessageContentInput),
        upload: upload ? describe(upload) : undefined,
      }
      const sent = new Promise<OwnMessage>((resolve, reject) => {
        unsettled.set(new Map(unsettled.get()).set(key, { item, file: upload?.file, resolve, reject }))
      })
      // An application that does not wait for the message sees its state in `items`.
      sent.catch(() => {})
      port.add(item, upload?.file)
      let part = upload ? 0 : 1
      const progress = computed([items], () => {
        const now = find(key)
        if (now?.state.status === 'uploading') part = now.state.progress
        else if (now?.content) part = 1
        return part
      })
      return Object.assign(sent, { key, progress, cancel: () => cancel(key) })
    },
    retry: port.retry,
    cancel,
    settled(key, outcome) {
      const waiting = take(key)
      if ('code' in outcome) waiting?.reject(outcome)
      else waiting?.resolve(outcome)
    },
    resend() {
      for (const { item, file } of unsettled.get().values()) port.add(item, file)
    },
    forget: () => unsettled.set(new Map()),
  }
}

const describe = ({ file, name, caption, asFile }: Upload) => ({
  ...{ name, caption, asFile, byteSize: file.size },
  mimeType: file.type || 'application/octet-stream',
})
