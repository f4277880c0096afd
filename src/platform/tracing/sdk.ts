import {
  type Attributes,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { instance } from '../instance.ts'
import type { Metrics } from '../metrics.ts'
import { activeSpan } from './active.ts'
import { boundedExport } from './bounded-export.ts'
import { SdkSpan, traceparentOf } from './open-span.ts'
import {
  type BatchPart,
  inSpan,
  type OpenSpan,
  type SpanFacts,
  type SpanRole,
  type Tracing,
} from './tracing.ts'

export interface TraceSettings {
  /** Base address of a collector. */
  endpoint: string
  /** Share of the operations that are traced. */
  ratio: number
}

const closeMs = 2_000

/** Traces by the OpenTelemetry SDK, without its global state. */
export function openSdkTracing(
  { endpoint, ratio }: TraceSettings,
  parts: { version: string; log: Logger; metrics: Metrics },
): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: 5_000,
  })
  const root = new TraceIdRatioBasedSampler(ratio)
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'parlance',
      'service.version': parts.version,
      'service.instance.id': instance,
    }),
    sampler: new ParentBasedSampler({ root, remoteParentSampled: new AlwaysOnSampler() }),
    spanProcessors: [boundedExport(exporter, parts)],
    spanLimits: { attributeValueLengthLimit: 300, linkCountLimit: 200 },
  })
  const isSampled = (traceId: string) =>
    root.shouldSample(undefined, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED
  const shutdown = () =>
    Promise.race([
      provider.shutdown().catch(() => {}),
      new Promise<void>((resolve) => setTimeout(resolve, closeMs).unref()),
    ])
  return new SdkTracing(provider.getTracer('parlance'), isSampled, shutdown)
}

class SdkTracing implements Tracing {
  readonly #tracer: Tracer
  readonly #isSampled: (traceId: string) => boolean
  readonly close: () => Promise<void>

  constructor(tracer: Tracer, isSampled: (traceId: string) => boolean, close: () => Promise<void>) {
    this.#tracer = tracer
    this.#isSampled = isSampled
    this.close = close
  }

  serve(name: string, parent: string | null, facts: SpanFacts): OpenSpan | null {
    const given = parent === null ? null : parseTraceParent(parent)
    if (!given) return this.#open(undefined, 'SERVER', name, facts)
    if (!this.#isSampled(given.traceId)) return null
    return this.#open(remote(given), 'SERVER', name, facts)
  }

  follow(parent: string, role: SpanRole, name: string, facts: SpanFacts): OpenSpan | null {
    const given = parseTraceParent(parent)
    return given && this.#open(remote(given), role, name, facts)
  }

  child(role: SpanRole, name: string, facts: SpanFacts = {}): OpenSpan | null {
    const parent = openParent()
    return parent && this.#childOf(parent, role, name, facts)
  }

  current(): OpenSpan | null {
    const span = openParent()
    return span && this.#wrapped(span)
  }

  causeOf(subjectId: string): string | undefined {
    const active = activeSpan.getStore()
    if (!active) return undefined
    return active.causes ? active.causes.get(subjectId) : traceparentOf(active.span)
  }

  batch<Result>(name: string, parts: readonly BatchPart[], work: () => Promise<Result>): Promise<Result> {
    const causes = new Map<string, string>()
    const spans: Span[] = []
    for (const { subjectId, span } of parts)
      if (span instanceof SdkSpan) {
        causes.set(subjectId, span.traceparent)
        spans.push(span.span)
      }
    const [first, ...others] = spans
    if (!first) return this.outside(work)
    const links = others.map((span) => ({ context: span.spanContext() }))
    const facts = { 'parlance.batch.size': parts.length }
    const span = this.#start(first.spanContext(), 'INTERNAL', name, facts, links)
    for (const other of others) other.addLink({ context: span.spanContext() })
    return inSpan(this.#wrapped(span, causes), work)
  }

  outside<Result>(work: () => Result): Result {
    return activeSpan.getStore() ? activeSpan.run(null, work) : work()
  }

  #open(parent: SpanContext | undefined, role: SpanRole, name: string, facts: SpanFacts): OpenSpan | null {
    const span = this.#start(parent, role, name, facts)
    return span.isRecording() ? this.#wrapped(span) : null
  }

  #childOf(parent: Span, role: SpanRole, name: string, facts: SpanFacts): OpenSpan {
    return this.#wrapped(this.#start(parent.spanContext(), role, name, facts))
  }

  #wrapped(span: Span, causes: ReadonlyMap<string, string> | null = null): SdkSpan {
    return new SdkSpan(span, (parent, role, name, facts) => this.#childOf(parent, role, name, facts), causes)
  }

  #start(
    parent: SpanContext | undefined,
    role: SpanRole,
    name: string,
    facts: SpanFacts,
    links: Link[] = [],
  ): Span {
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
    return this.#tracer.startSpan(
      name,
      { kind: SpanKind[role], attributes: facts as Attributes, links },
      context,
    )
  }
}

/** The current span. One that has ended is no parent: work that outlives an operation, such as a stream, is not part of it. */
function openParent(): Span | null {
  const span = activeSpan.getStore()?.span
  return span?.isRecording() ? span : null
}

const remote = (given: SpanContext): SpanContext => ({
  ...given,
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
})
