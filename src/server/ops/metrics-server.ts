import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Services } from '../../context.ts'
import { OperatorError } from '../../platform/operator-error.ts'

export interface MetricsServer {
  url: string
  close(): Promise<void>
}

const path = '/metrics'

/**
 * Serves the metrics on a separate port. They show how much the server is used, which only its operator may see, so
 * no path of the public port serves them.
 */
export async function startMetricsServer(
  { metrics, log }: Pick<Services, 'metrics' | 'log'>,
  { host, port }: { host: string; port: number },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url?.split('?', 1)[0] !== path || request.method !== 'GET')
      return void response.writeHead(404).end()
    metrics.expose().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      (error: unknown) => {
        log.error({ err: error }, 'metrics failed')
        response.writeHead(500).end()
      },
    )
  })
  server.listen(port, host)
  await once(server, 'listening').catch((error: Error) => {
    throw new OperatorError(`Metrics cannot be served on ${host}:${port}: ${error.message}`)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}${path}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
