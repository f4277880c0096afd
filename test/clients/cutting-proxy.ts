import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Bytes of responses that a connection forwards before it breaks. */
export type Budget = () => number

export interface CuttingProxy {
  readonly url: string
  readonly cuts: number
  /** Limits every connection, including open ones, to a budget. */
  storm(budget: Budget): void
  calm(): void
  /** Breaks all open connections at once. */
  cut(): void
  /** Breaks all connections without notifying the server, as when a phone loses its network. */
  vanish(): void
}

interface Line {
  client: Socket
  server: Socket
  left: number
}

/** A proxy that breaks connections, within a frame as well as between two. */
export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const lines = new Set<Line>()
  let budget: Budget = () => Number.POSITIVE_INFINITY
  let cuts = 0

  const cutLine = (line: Line) => {
    if (!lines.delete(line)) return
    cuts += 1
    line.client.destroy()
    line.server.destroy()
  }

  const vanished = new Set<Socket>()
  const vanishLine = (line: Line) => {
    lines.delete(line)
    cuts += 1
    vanished.add(line.server)
    line.client.unpipe().destroy()
  }

  const listener = createServer((client) => {
    const server = connect(Number(port), hostname)
    const line = { client, server, left: budget() }
    lines.add(line)
    for (const socket of [client, server]) {
      socket.on('error', () => {})
      socket.on('close', () => {
        lines.delete(line)
        client.destroy()
        if (!vanished.has(server)) server.destroy()
      })
    }
    client.pipe(server)
    server.on('data', (bytes: Buffer) => {
      client.write(bytes.subarray(0, line.left))
      line.left -= bytes.length
      if (line.left < 0) cutLine(line)
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')

  onTestFinished(async () => {
    for (const line of lines) cutLine(line)
    for (const server of vanished) server.destroy()
    listener.close()
    await once(listener, 'close')
  })

  const spend = (next: Budget) => {
    budget = next
    for (const line of lines) line.left = budget()
  }
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get cuts() {
      return cuts
    },
    storm: spend,
    calm: () => spend(() => Number.POSITIVE_INFINITY),
    cut: () => lines.forEach(cutLine),
    vanish: () => lines.forEach(vanishLine),
  }
}

/** A random number of bytes up to the maximum; the same seed gives the same numbers. */
export function upTo(bytes: number, seed: number): Budget {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bytes)
  }
}
