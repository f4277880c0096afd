import type { IncomingMessage } from 'node:http'

/** Ends the connection of a request that has not arrived whole in time, whatever its method. */
export function limitRequestTime(request: IncomingMessage, limitMs: number): void {
  const timer = setTimeout(() => {
    if (!request.complete) request.socket.destroy()
  }, limitMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
