import { z } from 'zod'
import { url } from './fields.ts'

export const metricsSettings = {
  METRICS_PORT: z.coerce
    .number('a whole number')
    .int('a whole number')
    .min(0, 'at least 0')
    .max(65535, 'at most 65535')
    .optional()
    .describe('Port for Prometheus metrics at /metrics; 0 picks a free one. Metrics are off unless set.'),
  METRICS_HOST: z.string().default('127.0.0.1').describe('Address for metrics to listen on.'),
  METRICS_INSPECTION: z
    .enum(['on', 'off'])
    .default('off')
    .describe(
      'Whether the port for metrics also serves CPU profiles at /debug/profile and heap snapshots at /debug/heap. A heap contains messages and secrets.',
    ),
}

export const traceSettings = {
  TRACES_ENDPOINT: url('http:', 'https:')
    .optional()
    .describe(
      'Address of a collector of OpenTelemetry traces that takes OTLP over HTTP, such as http://tempo:4318; /v1/traces is appended. Traces are off unless set.',
    ),
  TRACES_RATIO: z.coerce
    .number('a number')
    .min(0, 'at least 0')
    .max(1, 'at most 1')
    .default(0.1)
    .describe('Share of the operations that are traced; 1 traces each.'),
}

const schema = z.object({ ...metricsSettings, ...traceSettings })

export const observabilityConfig = (env: z.infer<typeof schema>) => ({
  metrics:
    env.METRICS_PORT === undefined
      ? null
      : { host: env.METRICS_HOST, port: env.METRICS_PORT, inspection: env.METRICS_INSPECTION === 'on' },
  traces:
    env.TRACES_ENDPOINT === undefined ? null : { endpoint: env.TRACES_ENDPOINT, ratio: env.TRACES_RATIO },
})
