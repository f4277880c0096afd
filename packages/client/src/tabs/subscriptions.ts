import type { Sink, Socket } from '../transport/socket.ts'
import { errorFrom, type PlainError, type Up } from './messages.ts'

export interface Subscriptions {
  readonly add: Socket['subscribe']
  /** With another leader, each begins again. */
  restart(): void
  next(id: string, data: unknown): void
  end(id: string, error: PlainError | null): void
}

/** Subscriptions of one tab, on the socket of the tab that leads. */
export function createSubscriptions(ask: (up: Up) => void): Subscriptions {
  const all = new Map<string, { begin: () => void; sink: Sink<never> }>()
  let count = 0
  return {
    add(document, variables, sink) {
      const id = `${++count}`
      const begin = () => ask({ kind: 'subscribe', id, document, variables: variables() })
      all.set(id, { begin, sink })
      begin()
      return () => {
        if (all.delete(id)) ask({ kind: 'unsubscribe', id })
      }
    },
    restart() {
      for (const { begin } of all.values()) begin()
    },
    next: (id, data) => all.get(id)?.sink.next(data as never),
    end(id, error) {
      const ended = all.get(id)
      all.delete(id)
      ended?.sink.end(error && errorFrom(error))
    },
  }
}
