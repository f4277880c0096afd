import type { Redis } from 'ioredis'
import type { Tracing } from './tracing.ts'

/** Gives every command to Redis a span under the span of its request; keys and values never become attributes. */
export function traceCommands(redis: Redis, tracing: Tracing): void {
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command, stream) => {
    const name = command.name.toUpperCase()
    const span = tracing.child('CLIENT', `redis ${name}`, {
      'db.system.name': 'redis',
      'db.operation.name': name,
    })
    if (span)
      command.promise.then(
        () => span.end(),
        (error) => span.end(error),
      )
    return send(command, stream)
  }
}
