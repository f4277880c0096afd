import type { Bus, BusListener, BusMessage } from './bus.ts'

/** The bus of a single process. */
export function createMemoryBus(onError: (error: unknown) => void): Bus {
  const topics = new Map<string, Set<BusListener>>()

  const deliver = (listener: BusListener, message: BusMessage) => {
    try {
      listener(message)
    } catch (error) {
      onError(error)
    }
  }

  return {
    healthy: true,
    refusal: null,
    lost: 0,
    publish(topic, message) {
      for (const listener of topics.get(topic) ?? []) deliver(listener, message)
    },
    async subscribe(topic, listener) {
      const listeners = topics.get(topic) ?? new Set()
      topics.set(topic, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      }
    },
    // Within one process no message is lost.
    onGap: () => () => {},
    async close() {
      topics.clear()
    },
  }
}
