import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type Fate, MessageFilter } from './message-filter.ts'

/**
 * `passes` forwards everything, `refuses` closes every connection at once, `swallows` keeps them open and forwards
 * nothing in either direction.
 */
type Mode = 'passes' | 'refuses' | 'swallows'

export interface FaultProxy {
  /** URL of the target through this proxy. */
  readonly url: string
  passes(): void
  refuses(): void
  swallows(): void
  /** Drops, duplicates or delays each published message on its way to a subscriber. */
  garbles(fateOf: () => Fate): void
  close(): Promise<void>
}

/** A proxy between a server and Redis that fails on request. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const url = new URL(target)
  const lines = new Set<Socket[]>()
  let mode: Mode = 'passes'
  let garble: (() => Fate) | null = null

  const breakAll = () => {
    for (const line of lines) for (const socket of line) socket.destroy()
    lines.clear()
  }
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    if (mode === 'refuses') return client.destroy()
    const server = connect({ port: Number(url.port || 6379), host: url.hostname })
    const filter = new MessageFilter((bytes) => client.write(bytes))
    const line = [client, server]
    lines.add(line)
    client.on('data', (bytes) => mode === 'passes' && server.write(bytes))
    server.on('data', (bytes: Buffer) => mode === 'passes' && filter.take(bytes, garble))
    for (const socket of line) {
      socket.on('error', () => {})
      // A swallowed connection stays open, even if one end closes it.
      const end = () => {
        if (mode === 'swallows') return
        lines.delete(line)
        for (const each of line) each.destroy()
      }
      socket.on('end', end).on('close', end)
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const own = new URL(target)
  own.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`

  const becomes = (next: Mode) => {
    // Swallowed data is not delivered later.
    if (next !== 'swallows') breakAll()
    mode = next
  }
  return {
    url: own.href,
    passes: () => becomes('passes'),
    refuses: () => becomes('refuses'),
    swallows: () => becomes('swallows'),
    garbles(fateOf) {
      garble = fateOf
    },
    async close() {
      breakAll()
      listener.close()
      await once(listener, 'close')
    },
  }
}
