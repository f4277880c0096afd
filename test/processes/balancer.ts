import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A load balancer: each connection goes to the next server that accepts it. */
export interface Balancer {
  readonly url: string
  close(): Promise<void>
}

export async function balance(targets: readonly string[]): Promise<Balancer> {
  const ports = targets.map((target) => Number(new URL(target).port))
  const open = new Set<Socket>()
  let turn = 0

  const reach = async (): Promise<Socket | null> => {
    // Concurrent connections each try every server, wherever the round robin stands.
    const first = turn++
    for (let attempt = 0; attempt < ports.length; attempt += 1) {
      const server = connect({ port: ports[(first + attempt) % ports.length] ?? 0, host: 'localhost' })
      const reached = await once(server, 'connect').then(
        () => true,
        () => false,
      )
      if (reached) return server
    }
    return null
  }

  const join = (client: Socket, server: Socket | null): void => {
    if (!server) return void client.destroy()
    for (const socket of [client, server]) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => open.delete(socket))
    }
    client.pipe(server).pipe(client)
    // When one end closes, the other is closed, too, after all received data was forwarded.
    client.on('close', () => server.destroySoon())
    server.on('close', () => client.destroySoon())
    client.resume()
  }

  const listener = createServer({ pauseOnConnect: true }, (client) => {
    client.on('error', () => {})
    void reach().then((server) => join(client, server))
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async close() {
      for (const socket of open) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
