import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { type Fate, MessageFilter } from '../../test/processes/message-filter.ts'
import { DelayedWriter } from './delayed-writer.ts'

/** `silent` keeps connections open and forwards nothing; `refusing` closes each at once. */
export type Mode = 'open' | 'refusing' | 'silent'

/** One server's network to a service, which fails on request. */
export class TcpProxy {
  port = 0
  #mode: Mode = 'open'
  #delayMs = 0
  #fateOf: (() => Fate) | null = null
  readonly #target: () => NetConnectOpts
  readonly #isRedis: boolean
  readonly #lines = new Set<Socket[]>()
  readonly #listener = createServer({ allowHalfOpen: true }, (client) => this.#accept(client))

  private constructor(target: () => NetConnectOpts, isRedis: boolean) {
    this.#target = target
    this.#isRedis = isRedis
  }

  static async open(target: () => NetConnectOpts, { isRedis = false } = {}): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, isRedis)
    proxy.#listener.listen(0, '127.0.0.1')
    await once(proxy.#listener, 'listening')
    proxy.port = (proxy.#listener.address() as AddressInfo).port
    return proxy
  }

  become(mode: Mode): void {
    // What a silent connection swallowed is lost, so it must not continue.
    if (mode !== 'silent' || this.#mode !== 'open') this.cut()
    this.#mode = mode
  }

  /** Breaks every connection. */
  cut(): void {
    for (const line of this.#lines) for (const socket of line) socket.destroy()
    this.#lines.clear()
  }

  /** Delays what the service answers. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs
  }

  /** Drops, doubles and delays published messages of Redis. */
  garble(fateOf: (() => Fate) | null): void {
    this.#fateOf = fateOf
  }

  #accept(client: Socket): void {
    if (this.#mode === 'refusing') return void client.destroy()
    const service = connect(this.#target())
    const answers = new DelayedWriter(client)
    // It parses every byte from the first one on: a fault begins and ends in the middle of an answer.
    const filter = new MessageFilter((bytes) => void client.write(bytes))
    const line = [client, service]
    this.#lines.add(line)
    client.on('data', (bytes) => this.#mode !== 'silent' && service.write(bytes))
    service.on('data', (bytes: Buffer) => {
      if (this.#mode === 'silent') return
      if (this.#isRedis) filter.take(bytes, this.#fateOf)
      else answers.write(bytes, this.#delayMs)
    })
    for (const socket of line) {
      socket.on('error', () => {})
      const end = () => {
        if (this.#mode === 'silent') return
        this.#lines.delete(line)
        for (const each of line) each.destroy()
      }
      socket.on('end', end).on('close', end)
    }
  }

  async close(): Promise<void> {
    this.cut()
    this.#listener.close()
    await once(this.#listener, 'close')
  }
}
