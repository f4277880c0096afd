import type { IncomingMessage, ServerResponse } from 'node:http'
import { startPatience } from '../../platform/time/patience.ts'

/**
 * Ends the connection of a request that has not arrived completely in time, for all methods. What arrived while this
 * process did not run counts as in time.
 */
export function limitRequestTime(request: IncomingMessage, response: ServerResponse, limitMs: number): void {
  const { socket } = request
  const clear = startPatience(limitMs, () => {
    if (!request.complete) socket.destroy()
  })
  request.once('close', clear)
  // A request that is answered before its body has arrived emits no close when its connection breaks later.
  response.once('close', () => {
    if (request.complete || socket.destroyed) clear()
    else socket.once('close', clear)
  })
}
