import type { Logger } from 'pino'

/**
 * Keeps an uncaught error from ending the process with all its connections. Requests, sockets and workers handle their
 * own errors, so an error here is a bug; it is logged at fatal for alerts.
 */
export function guardProcess(log: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'uncaught error, process continues')
  })
}
