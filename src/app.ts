import type { Config } from './config.ts'
import type { Cleanups } from './core.ts'
import { startJobs, type Tasks } from './platform/jobs/job-runner.ts'
import { buildSchema } from './schema.ts'
import { startMetricsServer } from './server/ops/metrics-server.ts'
import { startServer } from './server/server.ts'
import { openServices } from './services.ts'
import type { Overrides } from './slice.ts'

export interface App {
  url: string
  /** Parts of the server and what runs each, for display: `Database: PostgreSQL 18 at db.example`. */
  parts: Record<string, string>
  /** Resolves with the reason when the server must be closed. */
  failed: Promise<Error>
  /** Disconnects clients, finishes running requests and closes every part. */
  close(): Promise<void>
}

/** Opens and connects all parts. If one fails, those already open are closed. */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const cleanups: Cleanups = []
  const close = async () => {
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup()
  }
  try {
    const { services, slices, database, parts } = await openServices(config, overrides, cleanups)
    const { log } = services
    const tasks: Tasks = Object.assign({}, ...slices.map((slice) => slice.tasks?.(services)))
    const jobs = startJobs({ pool: database.jobPool, log, tasks })
    cleanups.push(jobs.close)
    for (const { workers } of slices) {
      const running = await workers?.(services)
      if (running) cleanups.push(running.close)
    }
    const schema = overrides.schema ?? buildSchema()
    const server = await startServer({ services, schema, config, log })
    cleanups.push(server.close)
    if (config.webApp) parts['Web app'] = server.url
    if (config.graphiql) parts.GraphiQL = `${server.url}/graphql`
    const metricsServer =
      config.metrics && (await startMetricsServer(services, server.health, config.metrics))
    if (metricsServer) {
      cleanups.push(metricsServer.close)
      parts.Metrics = metricsServer.url
    }
    return { url: server.url, parts, failed: database.lost, close }
  } catch (error) {
    await close()
    throw error
  }
}
