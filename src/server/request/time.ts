import type { IncomingMessage, ServerResponse } from 'node:http'

/** Ends the connection of a request that has not arrived completely in time, for all methods. */
export function limitRequestTime(request: IncomingMessage, response: ServerResponse, limitMs: number): void {
  const { socket } = request
  const timer = setTimeout(() => {
    if (!request.complete) socket.destroy()
  }, limitMs)
  const clear = () => clearTimeout(timer)
  request.once('close', clear)
  // A request that is answered before its body has arrived emits no close when its connection breaks later.
  response.once('close', () => {
    if (request.complete || socket.destroyed) clear()
    else socket.once('close', clear)
  })
}
