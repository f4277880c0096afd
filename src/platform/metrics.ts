import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const prefix = 'parlance_'

// From a look at a cache to the deadline of a request.
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const batchBuckets = [1, 2, 5, 10, 20, 50, 100, 200]

/** What this process counts of itself, for Prometheus. Counting is cheap and always on; what must be asked for is asked for when it is read. */
export interface Metrics {
  /** An operation has ended: its type, and the code of its first refusal or OK. */
  operation(type: string, code: string, seconds: number): void
  /** So many sends of one batch were answered with a message. */
  stored(messages: number): void
  /** Messages have reached the streams of their readers, so long after the newest of them was sent. */
  delivered(seconds: number): void
  /** Somebody was told to slow down. */
  limited(limit: string): void
  counter<Label extends string>(name: string, help: string, labels: Label[]): Counter<Label>
  /** A value that is looked up when it is read; what cannot be looked up then is left out. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void
  /** Everything, in the text format of Prometheus. */
  expose(): Promise<{ contentType: string; text: string }>
}

/** `ofProcess` adds what Node tells of the process: processor, memory, event loop, garbage. */
export function createMetrics({ ofProcess }: { ofProcess: boolean }): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const histogram = (name: string, help: string, labelNames: string[], buckets = secondsBuckets) =>
    new Histogram({ name: `${prefix}${name}`, help, labelNames, buckets, registers })
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `${prefix}${name}`, help, labelNames, registers })

  const operations = histogram('operation_seconds', 'GraphQL operations by type and outcome.', [
    'type',
    'code',
  ])
  const batches = histogram('send_batch_messages', 'Sends that were answered together.', [], batchBuckets)
  const deliveries = histogram(
    'fan_out_delay_seconds',
    'From the newest message of a conversation being sent to its readers’ streams being numbered.',
    [],
  )
  const sends = counter('sends_total', 'Sends that were answered with a message, retries included.', [])
  const limited = counter('rate_limited_total', 'Refusals to those who were too fast.', ['limit'])

  return {
    operation: (type, code, seconds) => operations.observe({ type, code }, seconds),
    stored(messages) {
      if (messages === 0) return
      sends.inc(messages)
      batches.observe(messages)
    },
    delivered: (seconds) => deliveries.observe(seconds),
    limited: (limit) => limited.inc({ limit }),
    counter,
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({
        name: `${prefix}${name}`,
        help,
        registers,
        async collect() {
          // A number that is not known must not look like the last one that was.
          gauge.reset()
          const value = await Promise.resolve()
            .then(read)
            .catch(() => Number.NaN)
          gauge.set(value)
        },
      })
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
