/** The part of BroadcastChannel that tabs use. */
export interface Channel {
  postMessage(message: unknown): void
  onmessage: ((event: { data: unknown }) => void) | null
  close(): void
}

export interface LockOptions {
  steal?: boolean
  signal?: AbortSignal
}

/** What tabs of one browser share. */
export interface Tabs {
  channel(name: string): Channel
  /** `navigator.locks`: the work of a name runs in one tab at a time; a lock that is stolen rejects. */
  lock(name: string, options: LockOptions, work: () => Promise<void>): Promise<unknown>
}

interface Page {
  document?: unknown
  navigator?: {
    locks?: { request(name: string, options: LockOptions, work: () => Promise<void>): Promise<unknown> }
  }
  BroadcastChannel?: new (name: string) => Channel
}

/** null without a page, and in browsers that lack a part: then each tab has its own connection. */
export function pageTabs(): Tabs | null {
  const { document, navigator, BroadcastChannel: Broadcast } = globalThis as Page
  const locks = navigator?.locks
  if (!document || !locks || !Broadcast) return null
  return {
    channel: (name) => new Broadcast(name),
    lock: (name, options, work) => locks.request(name, options, work),
  }
}
