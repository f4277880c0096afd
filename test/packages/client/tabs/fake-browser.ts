import type { Channel, LockOptions, Tabs } from '../../../../packages/client/src/tabs/platform.ts'

interface Request {
  tab: FakeTab
  work: () => Promise<void>
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/** Channels and locks as the tabs of one browser have them. */
export class FakeBrowser {
  readonly #channels = new Set<{ name: string; tab: FakeTab; channel: Channel }>()
  readonly #held = new Map<string, Request>()
  readonly #queues = new Map<string, Request[]>()

  tab(): FakeTab {
    return new FakeTab(this)
  }

  channel(tab: FakeTab, name: string): Channel {
    const entry = {
      name,
      tab,
      channel: {
        onmessage: null,
        postMessage: (message: unknown) => {
          if (tab.isDead) return
          const data = structuredClone(message)
          for (const other of this.#channels)
            if (other !== entry && other.name === name)
              other.tab.run(() => this.#channels.has(other) && other.channel.onmessage?.({ data }))
        },
        close: () => void this.#channels.delete(entry),
      } as Channel,
    }
    this.#channels.add(entry)
    return entry.channel
  }

  lock(tab: FakeTab, name: string, options: LockOptions, work: () => Promise<void>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = { tab, work, resolve, reject }
      const queue = this.#queues.get(name) ?? []
      this.#queues.set(name, queue)
      if (options.steal) {
        const before = this.#held.get(name)
        this.#held.delete(name)
        before?.tab.run(() => before.reject(new Error('AbortError')))
        queue.unshift(request)
      } else queue.push(request)
      options.signal?.addEventListener('abort', () => {
        const at = queue.indexOf(request)
        if (at < 0) return
        queue.splice(at, 1)
        reject(new Error('AbortError'))
      })
      this.#grant(name)
    })
  }

  #grant(name: string): void {
    if (this.#held.has(name)) return
    const request = this.#queues.get(name)?.shift()
    if (!request) return
    this.#held.set(name, request)
    request.tab.run(() => {
      void request.work().then((value) => {
        if (this.#held.get(name) !== request) return
        this.#held.delete(name)
        request.resolve(value)
        this.#grant(name)
      })
    })
  }

  /** The browser ends everything of a tab that closed or crashed. */
  forget(tab: FakeTab): void {
    for (const entry of this.#channels) if (entry.tab === tab) this.#channels.delete(entry)
    for (const [name, queue] of this.#queues) {
      this.#queues.set(
        name,
        queue.filter((request) => request.tab !== tab),
      )
      if (this.#held.get(name)?.tab !== tab) continue
      this.#held.delete(name)
      this.#grant(name)
    }
  }

  holders(): FakeTab[] {
    return [...this.#held].filter(([name]) => !name.includes('.')).map(([, { tab }]) => tab)
  }
}

export class FakeTab implements Tabs {
  isDead = false
  #frozen: (() => void)[] | null = null
  readonly #browser: FakeBrowser

  constructor(browser: FakeBrowser) {
    this.#browser = browser
  }

  channel(name: string): Channel {
    return this.#browser.channel(this, name)
  }

  lock(name: string, options: LockOptions, work: () => Promise<void>): Promise<unknown> {
    return this.#browser.lock(this, name, options, work)
  }

  /** A task of the tab: later, after it thaws, or never. */
  run(task: () => void): void {
    if (this.isDead) return
    if (this.#frozen) this.#frozen.push(task)
    else queueMicrotask(() => (this.#frozen ? this.#frozen.push(task) : this.isDead || task()))
  }

  /** The browser stops a page in the background, which keeps its locks. */
  freeze(): void {
    this.#frozen = []
  }

  thaw(): void {
    const tasks = this.#frozen ?? []
    this.#frozen = null
    for (const task of tasks) this.run(task)
  }

  dies(): void {
    this.isDead = true
    this.#browser.forget(this)
  }

  get leads(): boolean {
    return this.#browser.holders().includes(this)
  }
}
