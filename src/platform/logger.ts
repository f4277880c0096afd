import pino, { type Logger, stdTimeFunctions } from 'pino'
import type { Config } from '../config.ts'
import { instance } from './instance.ts'
import { traceFields } from './tracing/active.ts'

/** JSON lines on standard output or another file descriptor, each with the instance that wrote it. */
export function createLogger(
  { logLevel, traces }: Pick<Config, 'logLevel'> & Partial<Pick<Config, 'traces'>>,
  descriptor = 1,
): Logger {
  return pino(
    {
      level: logLevel,
      base: { instance },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: describeError },
      ...(traces && { mixin: traceFields }),
    },
    pino.destination(descriptor),
  )
}

interface ErrorRecord {
  type: string
  code?: string
  message: string
  stack?: string
  cause?: ErrorRecord
}

/** Only these fields are logged: database errors also carry rows and arguments, which may contain user content. */
function describeError(error: unknown): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const frames = error.stack?.slice(error.stack.indexOf('\n    at ') + 1)
  return {
    type: error.name,
    code,
    message: lastLine(error),
    stack: frames,
    cause: error.cause instanceof Error ? describeError(error.cause) : undefined,
  }
}

// Prisma puts the whole call with its arguments before the message.
function lastLine({ name, message }: Error): string {
  return name.startsWith('PrismaClient') ? (message.trimEnd().split('\n').at(-1) ?? '') : message
}
