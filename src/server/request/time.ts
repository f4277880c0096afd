import type { IncomingMessage } from 'node:http'

const requestMs = 15_000

/** Whoever has not sent a request in that time does not mean to. */
export function limitRequestTime(request: IncomingMessage): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy()
  }, requestMs)
  request.once('close', () => clearTimeout(timer))
}
