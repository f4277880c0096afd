import { auth } from './auth/slice.ts'
import type { Config } from './config.ts'
import { contact } from './contact/slice.ts'
import type { Services } from './context.ts'
import { type Cleanups, openCore } from './core.ts'
import { group } from './group/slice.ts'
import { inbox } from './inbox/slice.ts'
import { media } from './media/slice.ts'
import { message } from './message/slice.ts'
import { moderation } from './moderation/slice.ts'
import { notification } from './notification/slice.ts'
import { startJobs, type Tasks } from './platform/jobs/job-runner.ts'
import { presence } from './presence/slice.ts'
import { buildSchema } from './schema.ts'
import { search } from './search/slice.ts'
import { startMetricsServer } from './server/ops/metrics-server.ts'
import { startServer } from './server/server.ts'
import type { Opened, Overrides } from './slice.ts'
import { webhook } from './webhook/slice.ts'

/** In the order in which they open. They close in reverse. */
const slices = [
  auth,
  media,
  contact,
  group,
  message,
  inbox,
  search,
  notification,
  webhook,
  presence,
  moderation,
]

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
    const { core, database, parts } = await openCore(config, overrides, cleanups)
    // Filled slice by slice: each slice can use the members of those before it.
    const services = core as Services
    const opened: Opened[] = []
    for (const { name, open } of slices) {
      const slice = await open(core, core.hooks.of(name), overrides)
      if (slice.close) cleanups.push(slice.close)
      Object.assign(services, slice.service)
      opened.push(slice)
    }
    core.hooks.seal()
    Object.assign(parts, ...opened.toReversed().map((slice) => slice.parts))

    const tasks: Tasks = Object.assign({}, ...opened.map((slice) => slice.tasks?.(services)))
    const jobs = startJobs({ pool: database.jobPool, log: core.log, tasks })
    cleanups.push(jobs.close)
    for (const { workers } of opened) {
      const running = await workers?.(services)
      if (running) cleanups.push(running.close)
    }
    const schema = buildSchema({ onRefusal: overrides.onRefusal })
    overrides.changeSchema?.(schema)
    const server = await startServer({ services, schema, config, log: core.log })
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
