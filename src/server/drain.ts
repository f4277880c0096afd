import type { Server } from 'node:http'
import type { Executor } from './executor.ts'
import type { Health } from './health.ts'
import type { Websockets } from './websocket.ts'

export interface DrainParts {
  http: Server
  websockets: Websockets
  executor: Executor
  health: Health
  spreadMs: number
}

const requestsMs = 12_000
const idleSweepMs = 50

/** Stops without losing what was begun: nothing new comes in, what runs ends, and every client is told to go. */
export async function drain({ http, websockets, executor, health, spreadMs }: DrainParts): Promise<void> {
  health.drain()
  const closed = new Promise<void>((resolve) => http.close(() => resolve()))
  // A connection that carries a request now is idle, and kept open, once that is answered.
  const sweeping = setInterval(() => http.closeIdleConnections(), idleSweepMs)
  await websockets.stop(spreadMs)

  // Their own deadline ends requests sooner; a client that never reads its answer is not waited for.
  const impatience = setTimeout(() => http.closeAllConnections(), requestsMs)
  await closed
  clearTimeout(impatience)
  clearInterval(sweeping)
  await executor.idle()
}
