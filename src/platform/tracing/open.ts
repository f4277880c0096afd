import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { TraceSettings } from './sdk.ts'
import type { Tracing } from './tracing.ts'

/** Null while traces are off; the SDK is then not even loaded. */
export async function openTracing(
  settings: TraceSettings | null,
  parts: { version: string; log: Logger; metrics: Metrics },
): Promise<Tracing | null> {
  if (!settings) return null
  const { openSdkTracing } = await import('./sdk.ts')
  return openSdkTracing(settings, parts)
}
