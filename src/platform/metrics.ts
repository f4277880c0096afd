import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const prefix = 'parlance_'

// From a cache lookup to the deadline of a request.
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const batchBuckets = [1, 2, 5, 10, 20, 50, 100, 200]

/** Metrics of this process for Prometheus. Counters are always on; gauges are computed when they are read. */
export interface Metrics {
  /** Records a finished operation. `code` is that of its first error, or OK. */
  operation(type: string, code: string, seconds: number): void
  /** Records the sends of one batch that returned a message. */
  stored(messages: number): void
  /** Records the time from the newest message of a delivery to its fan-out. */
  delivered(seconds: number): void
  /** Records a call that was refused with RATE_LIMITED. */
  limited(limit: string): void
  /** Records a sign-in with a password. */
  login(outcome: 'OK' | 'BAD_CREDENTIALS'): void
  /** Records a command that Redis refused. */
  redisRefused(code: string): void
  counter<Label extends string>(name: string, help: string, labels: Label[]): Counter<Label>
  /** A value that is computed when the metrics are read; NaN if that fails. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void
  /** A metric that is always 1 and carries facts as labels. */
  info(help: string, labels: Record<string, string>): void
  /** All metrics in the text format of Prometheus. */
  expose(): Promise<{ contentType: string; text: string }>
}

/** `ofProcess` adds Node's own metrics: CPU, memory, event loop, garbage collection. */
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
  const batches = histogram('send_batch_messages', 'Sends that were stored together.', [], batchBuckets)
  const deliveries = histogram(
    'fan_out_delay_seconds',
    'Time from the newest message of a delivery to its fan-out.',
    [],
  )
  const sends = counter('sends_total', 'Sends that returned a message, including retries.', [])
  const redisRefusals = counter('redis_refusals_total', 'Commands that Redis refused, by error code.', [
    'code',
  ])
  const logins = counter('logins_total', 'Sign-ins with a password, by outcome.', ['outcome'])
  const limited = counter('rate_limited_total', 'Calls refused with RATE_LIMITED.', ['limit'])

  return {
    operation: (type, code, seconds) => operations.observe({ type, code }, seconds),
    stored(messages) {
      if (messages === 0) return
      sends.inc(messages)
      batches.observe(messages)
    },
    delivered: (seconds) => deliveries.observe(seconds),
    limited: (limit) => limited.inc({ limit }),
    login: (outcome) => logins.inc({ outcome }),
    redisRefused: (code) => redisRefusals.inc({ code }),
    counter,
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({
        name: `${prefix}${name}`,
        help,
        registers,
        async collect() {
          // Without a reset the previous value would be exposed when this read fails.
          gauge.reset()
          const value = await Promise.resolve()
            .then(read)
            .catch(() => Number.NaN)
          gauge.set(value)
        },
      })
    },
    info(help, labels) {
      new Gauge({ name: `${prefix}info`, help, labelNames: Object.keys(labels), registers }).set(labels, 1)
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
