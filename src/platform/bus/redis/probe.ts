import type { Redis } from 'ioredis'
import { refusalCode } from '../../redis/refusal.ts'

const write = `return redis.call('SET', KEYS[1], '', 'PX', ARGV[1])`
const key = 'parlance:probe'
const keyMs = 5_000

/** `ANSWERED`, or the code of a refusal and its message, or the error of a Redis that does not answer. */
export type ProbeResult =
  | { type: 'ANSWERED' }
  | { type: 'REFUSED'; code: string; error: Error }
  | { type: 'SILENT'; error: Error }

/** Uses every kind of command that the server needs: a Redis without memory or permissions still answers PING. */
export async function probe(redis: Redis): Promise<ProbeResult> {
  const pipeline = redis.pipeline().ping().eval(write, 1, key, keyMs).publish(key, '')
  const results = (await pipeline.exec().catch((error: Error) => [[error] as const])) ?? []
  const errors = results.flatMap(([error]) => (error ? [error] : []))
  for (const error of errors) {
    const code = refusalCode(error)
    if (code) return { type: 'REFUSED', code, error }
  }
  return errors[0] ? { type: 'SILENT', error: errors[0] } : { type: 'ANSWERED' }
}
