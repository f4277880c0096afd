import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Services } from '../../context.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import type { Health } from './health.ts'
import { createInspection } from './inspection.ts'

type Serve = (response: ServerResponse, query: URLSearchParams) => Promise<void> | undefined

export interface MetricsServer {
  url: string
  close(): Promise<void>
}

/** Serves metrics and detailed readiness on a separate port. They show how the server is used, so clients may not see them. */
export async function startMetricsServer(
  { metrics, log }: Pick<Services, 'metrics' | 'log'>,
  health: Health,
  { host, port, inspection }: { host: string; port: number; inspection: boolean },
): Promise<MetricsServer> {
  const { profile, heap } = createInspection(log)
  const serve: Record<string, Serve> = {
    ...(inspection && {
      '/debug/profile': (response, query) => profile(response, query.get('seconds')),
      '/debug/heap': heap,
    }),
    '/metrics': async (response) => {
      const { contentType, text } = await metrics.expose()
      response.writeHead(200, { 'content-type': contentType }).end(text)
    },
    '/ready': async (response) => {
      const state = await health.check()
      response.writeHead(state.ready ? 200 : 503, { 'content-type': 'application/json' })
      response.end(JSON.stringify(state))
    },
  }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://metrics')
    const handler = request.method === 'GET' && Object.hasOwn(serve, pathname) ? serve[pathname] : undefined
    if (!handler) return void response.writeHead(404).end()
    const work = async () => handler(response, searchParams)
    work().catch((error: unknown) => {
      log.error({ err: error }, 'metrics request failed')
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    })
  })
  server.listen(port, host)
  await once(server, 'listening').catch((error: Error) => {
    throw new OperatorError(`Metrics cannot be served on ${host}:${port}: ${error.message}`)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
