import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import { authSecrets } from '../auth/secret.ts'
import type { Config } from '../config.ts'
import type { Services } from '../context.ts'
import { createDocuments } from '../platform/graphql/documents.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { drain } from './drain.ts'
import { createEventsHandler } from './events/handler.ts'
import { createExecutor } from './execution/executor.ts'
import { createExplorer } from './explorer/explorer.ts'
import { createAuthorization } from './gate/authorize.ts'
import { createExplorerPasses } from './gate/explorer-pass.ts'
import { reportTrusted } from './gate/report-trusted.ts'
import { createResolver } from './gate/resolve.ts'
import { loadTrustedDocuments } from './gate/trusted.ts'
import { createHttpServer } from './http/gate.ts'
import { createGraphqlHandler } from './http/graphql.ts'
import { createSdlHandler } from './http/sdl.ts'
import { defineGauges } from './ops/gauges.ts'
import { createHealth, type Health } from './ops/health.ts'
import { countResponses } from './ops/http-responses.ts'
import { createClientReader } from './request/client.ts'
import { createOrigins } from './request/origins.ts'
import { createWebApp } from './web/app.ts'
import { createOperationHost } from './websocket/operations.ts'
import { createWebsockets } from './websocket/server.ts'

export interface ServerParts {
  services: Services
  schema: GraphQLSchema
  config: Config
  log: Logger
}

export interface RunningServer {
  url: string
  health: Health
  /** Accepts no more requests, completes running ones and closes every connection, within thirty seconds. */
  close(): Promise<void>
}

/** Serves the schema over HTTP and WebSocket. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { services, schema, config, log } = parts
  const origins = createOrigins(config, log)
  const documents = createDocuments(schema, config.limits)
  const trusted = await loadTrustedDocuments(config)
  const resolve = createResolver({
    trusted,
    only: config.trustedDocuments.only,
    documents,
    metrics: services.metrics,
  })
  const authorizeOperation = createAuthorization(config, documents, resolve)
  reportTrusted(trusted, documents, log)
  const passes = config.graphiql ? createExplorerPasses(await authSecrets(config)) : null
  const readClient = createClientReader(config, log)
  const executor = createExecutor(services, schema)
  const operationHost = createOperationHost({ services, authorizeOperation, executor })
  const websockets = createWebsockets({ services, operationHost, origins, readClient, passes })
  const health = createHealth(services, () => websockets.sockets.size)
  defineGauges(services, websockets.sockets)
  const graphql = createGraphqlHandler({ services, authorizeOperation, executor, readClient, passes })
  const http = createHttpServer({
    services,
    origins,
    graphql,
    explorer: passes && createExplorer(passes),
    web: config.webApp ? createWebApp(config) : null,
    sdl: createSdlHandler(services, schema),
    events: createEventsHandler({ services, operationHost, websockets, readClient, passes }),
    health,
    readClient,
  })
  countResponses(http, services.metrics)
  http.on('upgrade', websockets.upgrade)
  await websockets.start()
  await listen(http, config).catch(async (error) => {
    await websockets.stop()
    throw error
  })
  const url = urlOf(http, config.host)
  log.info({ url }, 'listening')
  return {
    url,
    health,
    close: () =>
      drain({
        http,
        websockets,
        executor,
        health,
        delayMs: config.drainDelayMs,
        spreadMs: config.limits.closeSpreadMs,
      }),
  }
}

async function listen(http: Server, { host, port }: { host: string; port: number }): Promise<void> {
  http.listen(port, host)
  try {
    await once(http, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new OperatorError(`Port ${port} on ${host} is taken; set PORT to another.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new OperatorError(`This machine has no address ${host}; set HOST to another.`)
    if (code === 'EACCES')
      throw new OperatorError(`Port ${port} is not open to this user; set PORT to another.`)
    throw error
  }
}

function urlOf(http: Server, host: string): string {
  const { port } = http.address() as AddressInfo
  const name = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
