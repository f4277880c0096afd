import { ExportResultCode } from '@opentelemetry/core'
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'

/** Spans that wait for the collector, those in flight included; further ones are dropped. */
const waitingMax = 8_192

/** Sends spans in the background. If the collector does not take them they are dropped and counted; nothing waits. */
export function boundedExport(
  exporter: SpanExporter,
  { log, metrics }: { log: Logger; metrics: Metrics },
): SpanProcessor {
  const dropped = metrics.counter('trace_spans_dropped_total', 'Spans that the collector did not take.', [])
  let waiting = 0
  let isReachable = true

  function noteResult(error: Error | null): void {
    if (error && isReachable)
      log.warn({ reason: error.message }, 'trace collector unreachable, spans dropped')
    if (!error && !isReachable) log.info('trace collector reachable again')
    isReachable = !error
  }

  const counted: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        waiting -= spans.length
        const isTaken = result.code === ExportResultCode.SUCCESS
        if (!isTaken) dropped.inc(spans.length)
        noteResult(isTaken ? null : (result.error ?? new Error('no reason given')))
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
  }
  const processor = new BatchSpanProcessor({
    exporter: counted,
    maxQueueSize: waitingMax,
    maxExportBatchSize: 512,
    scheduledDelayMillis: 1_000,
    exportTimeoutMillis: 10_000,
  })
  return {
    onStart: () => {},
    onEnd(span: ReadableSpan) {
      if (waiting >= waitingMax) return dropped.inc()
      waiting += 1
      processor.onEnd(span)
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  }
}
