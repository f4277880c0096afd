import type { Logger } from 'pino'
import { type App, createApp } from '../app.ts'
import type { Config } from '../config.ts'
import { messageKinds } from '../message-kinds.ts'
import { createLogger } from '../platform/logger.ts'
import { guardProcess } from '../platform/process-guard.ts'

const shutdownLimit = 30_000

/** Serves until a signal or a failure stops the server; then the process exits. */
export async function serve(config: Config): Promise<never> {
  const log = createLogger(config)
  if (config.unknownVariables.length > 0)
    log.warn({ variables: config.unknownVariables }, 'unknown environment variables ignored')
  const signal = firstSignal(log)
  const report = process.stdout.isTTY ? reportToTerminal : reportToLog(log)
  const app = await createApp(config, { log, progress: report.progress, messageKinds })
  guardProcess(log)
  report.ready(app)

  const reason = await Promise.race([signal, app.failed])
  report.stopping(reason instanceof Error ? reason.message : reason)
  setTimeout(() => process.exit(1), config.drainDelayMs + shutdownLimit).unref()
  await app.close()
  return process.exit(reason instanceof Error ? 1 : 0)
}

/**
 * Resolves with the first signal to stop; a second one exits at once. SIGHUP stops a server whose terminal was closed;
 * without a terminal it asks to reload the configuration, which the server reads only at start.
 */
function firstSignal(log: Logger): Promise<NodeJS.Signals> {
  let count = 0
  return new Promise((resolve) => {
    const stop = (name: NodeJS.Signals) => (++count === 1 ? resolve(name) : process.exit(1))
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop)
    if (process.stdout.isTTY) process.on('SIGHUP', stop)
    else process.on('SIGHUP', () => log.info('SIGHUP ignored: restart the server to change settings'))
  })
}

interface Report {
  progress(text: string): void
  ready(app: App): void
  stopping(reason: string): void
}

const reportToTerminal: Report = {
  progress: say,
  ready: (app) => say(welcome(app)),
  stopping: (reason) => say(`Stopping: ${reason}`),
}

/** Start and stop are logged whatever LOG_LEVEL is. */
function reportToLog(log: Logger): Report {
  const always = log.child({}, { level: 'info' })
  return {
    progress: (text) => always.info(text.charAt(0).toLowerCase() + text.slice(1)),
    ready: ({ url, parts }) =>
      always.info(
        { http: `${url}/graphql`, websocket: `${webSocketUrl(url)}/graphql`, parts },
        'server ready',
      ),
    stopping: (reason) => always.info({ reason }, 'server stopping'),
  }
}

const webSocketUrl = (url: string) => url.replace(/^http/, 'ws')

function welcome({ url, parts }: App): string {
  const rows = [
    ['HTTP', `${url}/graphql`],
    ['WebSocket', `${webSocketUrl(url)}/graphql`],
    ...Object.entries(parts),
  ]
  return [
    '',
    'Parlance is ready. Ctrl-C stops it.',
    ...rows.map(([name = '', value]) => `  ${name.padEnd(10)} ${value}`),
  ].join('\n')
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
