import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import '../probe.ts'

// The floor of deliveries and memory: `ws` alone. Each message on a socket of /send sends one prepared frame to every
// socket of /subscribe.

const sockets = new Set<Socket>()
let frame: Buffer = Buffer.alloc(0)

const server = createServer()
const websockets = new WebSocketServer({
  server,
  perMessageDeflate: false,
  handleProtocols: () => 'graphql-transport-ws',
})

websockets.on('connection', (socket, request: IncomingMessage) => {
  socket.on('error', () => {})
  if (request.url !== '/subscribe') {
    socket.on('message', (data) => broadcast(Number(data.toString())))
    return
  }
  const stream = request.socket
  sockets.add(stream)
  socket.on('close', () => sockets.delete(stream))
})

function broadcast(bytes: number): void {
  if (frame.length !== bytes) frame = preframed(bytes)
  for (const socket of sockets) socket.write(frame)
}

/** A text frame of the given length with one mark, like one message. */
function preframed(bytes: number): Buffer {
  const frame = Buffer.alloc(bytes, 'x')
  frame[0] = 0x81
  frame[1] = 126
  frame.writeUInt16BE(bytes - 4, 2)
  frame.write('🍁', 4)
  return frame
}

server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.stdout.write(`HTTP http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
process.on('SIGTERM', () => process.exit())
