import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, vi } from 'vitest'
import { bodyOf } from '../../setup/http/body.ts'

/** A span as the collector received it. */
export interface Span {
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  name: string
  attributes: Record<string, unknown>
  /** The spans that it links to. */
  links: string[]
  /** The process that recorded it. */
  instance: unknown
}

type Value = Record<string, unknown>
interface Attribute {
  key: string
  value: Value
}
interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: {
      spans: (Pick<Span, 'traceId' | 'spanId' | 'parentSpanId' | 'name'> & {
        attributes: Attribute[]
        links?: { spanId: string }[]
      })[]
    }[]
  }[]
}

/** A collector of traces that takes OTLP over HTTP. */
export class Collector {
  readonly spans: Span[] = []
  /** Everything that it received. */
  text = ''
  /** Of its answers; a collector refuses spans with 400. */
  status = 200
  #server: Server | null = null
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        if (body && this.status === 200 && request.url === '/v1/traces') this.#receive(body.toString())
        response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}')
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    server?.closeAllConnections()
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)))
  }

  #receive(text: string): void {
    this.text += text
    for (const { resource, scopeSpans } of (JSON.parse(text) as Export).resourceSpans)
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId,
          name: span.name,
          attributes: valuesOf(span.attributes),
          links: (span.links ?? []).map(({ spanId }) => spanId),
          instance: valuesOf(resource.attributes)['service.instance.id'],
        })
  }

  trace(traceId: string): Span[] {
    return this.spans.filter((span) => span.traceId === traceId)
  }

  /** The spans of a trace, once it has one of each name. */
  async traceWith(traceId: string, names: string[]): Promise<Span[]> {
    return vi.waitFor(() => {
      const spans = this.trace(traceId)
      const missing = names.filter((name) => !spans.some((span) => span.name === name))
      if (missing.length === 0) return spans
      throw new Error(`No ${missing.join(', ')} among ${spans.map(({ name }) => name).join(', ')}`)
    }, waiting)
  }

  /** The same, once the parent of each span is there too, or is the span of the client: a parent ends after its children. */
  async connectedTrace(traceId: string, clientSpanId: string, names: string[]): Promise<Span[]> {
    await this.traceWith(traceId, names)
    return vi.waitFor(() => {
      const spans = this.trace(traceId)
      const ids = new Set([clientSpanId, ...spans.map(({ spanId }) => spanId)])
      expect(spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''))).toEqual([])
      return spans
    }, waiting)
  }
}

const waiting = { timeout: 20_000, interval: 50 }

const valuesOf = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
