import { EventEmitter, once } from 'node:events'
import { WebSocket } from 'ws'

/** An event that the browser sends about one of its pages. */
export interface Said {
  method: string
  params: Record<string, never>
  sessionId?: string
}

/** A connection to a browser by the DevTools protocol. */
export interface Wire {
  call(method: string, params?: object, sessionId?: string): Promise<Record<string, unknown>>
  listen(listener: (said: Said) => void): void
  close(): void
}

interface Answer {
  id: number
  result?: Record<string, unknown>
  error?: { message: string }
}

export async function connect(address: string): Promise<Wire> {
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const answers = new EventEmitter()
  const listeners: ((said: Said) => void)[] = []
  let calls = 0

  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Answer | Said
    if ('id' in message) answers.emit(`${message.id}`, message)
    else for (const listener of listeners) listener(message)
  })

  return {
    async call(method, params = {}, sessionId) {
      calls += 1
      const answered = once(answers, `${calls}`)
      socket.send(JSON.stringify({ id: calls, method, params, sessionId }))
      const [{ result, error }] = (await answered) as [Answer]
      if (error) throw new Error(`${method}: ${error.message}`)
      return result ?? {}
    },
    listen: (listener) => void listeners.push(listener),
    close: () => socket.close(),
  }
}
