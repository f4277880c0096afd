import type { Logger } from 'pino'

/**
 * Keeps an error that no code caught from ending the process, and everyone's connections with it. Requests, sockets and
 * workers handle their own errors; what arrives here is a fault of the code, logged at fatal for an alert.
 */
export function guardProcess(log: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'uncaught error, process continues')
  })
}
