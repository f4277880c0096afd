import type { Server } from 'node:http'
import { Server as Listener } from 'node:net'
import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import type { Executor } from './execution/executor.ts'
import type { Health } from './ops/health.ts'
import type { Websockets } from './websocket/server.ts'

export interface DrainParts {
  http: Server
  websockets: Websockets
  executor: Executor
  health: Health
  /** Time for load balancers to see in /ready that the server stops, before the port closes. */
  delayMs: number
  spreadMs: number
}

const requestsMs = 12_000
const idleSweepMs = 50
/** A request on a kept-alive connection within this time is answered with `Connection: close`. */
const lastRequestMs = 250

/** Stops without losing operations in progress: accepts no new ones, completes the running ones, closes every socket. */
export async function drain(parts: DrainParts): Promise<void> {
  const { http, websockets, executor, health, delayMs, spreadMs } = parts
  health.drain()
  if (delayMs > 0) await delay(delayMs)
  await emptyAcceptQueue(http)
  // Not http.Server.close: that closes idle connections at once, which loses a request in transit.
  const closed = new Promise<void>((resolve) => Listener.prototype.close.call(http, () => resolve()))
  const lastRequests = Promise.race([closed, delay(lastRequestMs)])
  await websockets.stop(spreadMs)
  await lastRequests

  // A connection with a request in progress is idle, and kept open, once that is answered.
  const sweeping = setInterval(() => http.closeIdleConnections(), idleSweepMs)

  // The request deadline ends requests sooner; a client that never reads its response does not delay the stop.
  const limit = setTimeout(() => http.closeAllConnections(), requestsMs)
  await closed
  clearTimeout(limit)
  clearInterval(sweeping)
  await executor.idle()
}

const acceptMs = 1_000

/**
 * Accepts the connections that the kernel has established already: it resets them when the listener closes. One is
 * accepted in each turn of the event loop, so a turn without one shows that none is waiting.
 */
async function emptyAcceptQueue(http: Server): Promise<void> {
  let accepted = true
  const note = () => {
    accepted = true
  }
  http.on('connection', note)
  const end = performance.now() + acceptMs
  while (accepted && performance.now() < end) {
    accepted = false
    // The current turn may be past its poll for connections.
    await setImmediate()
    await setImmediate()
  }
  http.off('connection', note)
}
