import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { graphqlPath } from '../http/gate.ts'
import type { Client, ReadClient } from '../request/client.ts'
import type { Origins } from '../request/origins.ts'
import { createSocketClock } from './clock.ts'
import { closings } from './close-codes.ts'
import { LiveSocket, type SocketHost } from './live-socket.ts'
import { type OperationHost, Operations } from './operations.ts'
import type { Peer } from './peer.ts'
import { PeerServers } from './peer-servers.ts'
import { PeerSocket } from './peer-socket.ts'
import { type ProtocolParts, protocolName, receiveMessage, socketMessages } from './protocol.ts'
import { Sockets } from './sockets.ts'

export interface Websockets {
  sockets: Sockets
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** Counts a connection of another kind as a socket; null if there may be no more. */
  admit(peer: Peer, from: Client): LiveSocket | null
  start(): Promise<void>
  /** Closes all sockets, spread over a time so that clients do not reconnect all at once. */
  stop(spreadMs?: number): Promise<void>
}

/** A socket as the library passes it to a listener. */
type Accepted = WebSocket & Pick<PeerSocket, 'operations'>

export function createWebsockets(
  parts: ProtocolParts & { operationHost: OperationHost; origins: Origins; readClient: ReadClient },
): Websockets {
  const { services, operationHost, origins, readClient } = parts
  const { config, log } = services
  const sockets = new Sockets(services)
  const host: SocketHost = {
    limits: config.limits,
    claimed: (socket, viewer) => sockets.claimed(socket, viewer),
  }
  const clock = createSocketClock(services, sockets)
  const { socketMessageBytes, compressedSockets } = config.limits
  const servers = new PeerServers(socketMessageBytes, PeerSocket)
  let stopping = false

  function admit(peer: Peer, from: Client): LiveSocket | null {
    if (stopping || sockets.size >= config.limits.sockets) return null
    const live = new LiveSocket(peer, host, from)
    sockets.add(live)
    return live
  }

  function accept(ws: PeerSocket, request: IncomingMessage): void {
    ws.on('error', ignoreError)
    if (ws.protocol !== protocolName) return void ws.close(...closings.otherProtocol)
    ws.connected(request.socket)
    const live = admit(ws, readClient(request))
    const [code, reason] = stopping ? closings.restarting : closings.overloaded
    if (live) begin(ws, live)
    else ws.close(code, reason)
  }

  function begin(ws: PeerSocket, live: LiveSocket): void {
    ws.operations = new Operations(operationHost, live, socketMessages)
    ws.on('message', onMessage)
    ws.on('ping', onFrame)
    ws.on('pong', onFrame)
    ws.on('close', onClose)
  }

  function onMessage(this: Accepted, data: Buffer): void {
    const { operations } = this
    if (!operations) return
    const { live } = operations
    const text = data.toString()
    live.frame(text.length)
    receiveMessage(parts, operations, text).catch((error: unknown) => {
      log.error({ err: error }, 'socket message failed')
      live.closeFor(closings.overloaded)
    })
  }

  function onClose(this: Accepted): void {
    if (!this.operations) return
    sockets.remove(this.operations.live)
    this.operations.stopAll()
  }

  return {
    sockets,
    admit,
    start: clock.start,
    upgrade(request, stream, head) {
      stream.on('error', ignoreError)
      try {
        const refusal = refusalOf(request, origins)
        if (refusal) return refuseUpgrade(stream, refusal)
        const server = servers.of(request, sockets.size < compressedSockets)
        server.handleUpgrade(request, stream, head, accept)
      } catch (error) {
        log.error({ err: error }, 'websocket upgrade failed')
        stream.destroy()
      }
    },
    async stop(spreadMs = 0) {
      stopping = true
      await closeSpread([...sockets], spreadMs)
      await emptied(sockets)
      clock.stop()
    },
  }
}

// The library closes the socket with the matching code.
function ignoreError(): void {}

function onFrame(this: Accepted): void {
  this.operations?.live.frame()
}

function refusalOf(request: IncomingMessage, origins: Origins): string | null {
  const path = request.url?.split('?', 1)[0]
  if (path !== graphqlPath) return '404 Not Found'
  return origins.allows(request) ? null : '403 Forbidden'
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

const stepMs = 50

async function closeSpread(sockets: LiveSocket[], spreadMs: number): Promise<void> {
  const perStep = Math.max(1, Math.ceil((sockets.length * stepMs) / Math.max(spreadMs, stepMs)))
  for (let from = 0; from < sockets.length; from += perStep) {
    for (const socket of sockets.slice(from, from + perStep)) socket.closeFor(closings.restarting)
    if (from + perStep < sockets.length) await pause(stepMs)
  }
}

/** The library disconnects a client that does not answer the close in time. */
async function emptied(sockets: Sockets): Promise<void> {
  while (sockets.size > 0) await pause(10)
}
