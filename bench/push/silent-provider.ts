import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Stoppable } from '../run.ts'

/** Accepts every connection and never answers. */
export async function silentProvider(): Promise<Stoppable & { url: string }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
