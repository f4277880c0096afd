import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'
import type { OpenSpan, Tracing } from './tracing.ts'

type Query = (...args: unknown[]) => unknown
type Callback = (error: unknown, ...results: unknown[]) => void

/** Gives every statement of a pool a span under the span of its request; values never become attributes. */
export function traceQueries(pool: pg.Pool, tracing: Tracing): void {
  const connect = pool.connect.bind(pool) as Query
  // A request that waits for a connection continues in its own span, not in that of the request that returns it.
  pool.connect = ((callback?: Callback) =>
    callback ? connect(AsyncLocalStorage.bind(callback)) : connect()) as pg.Pool['connect']
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query
    client.query = ((...args: unknown[]) => {
      const text = textOf(args[0])
      const span =
        text === null
          ? null
          : tracing.child('CLIENT', `postgresql ${operationOf(text)}`, {
              'db.system.name': 'postgresql',
              'db.operation.name': operationOf(text),
              'db.query.text': text.replace(/\s+/g, ' ').trim(),
            })
      return span ? timed(span, query, args) : query(...args)
    }) as pg.PoolClient['query']
  })
}

/** Null for the streams of COPY. */
function textOf(statement: unknown): string | null {
  if (typeof statement === 'string') return statement
  if (typeof statement !== 'object' || statement === null || 'submit' in statement) return null
  return 'text' in statement && typeof statement.text === 'string' ? statement.text : null
}

const operationOf = (text: string) => (text.match(/[a-z]+/i)?.[0] ?? '').toUpperCase()

function timed(span: OpenSpan, query: Query, args: unknown[]): unknown {
  const last = args.length - 1
  const callback = args[last]
  if (typeof callback === 'function')
    return query(...args.slice(0, last), (error: unknown, ...results: unknown[]) => {
      span.end(error ?? undefined)
      ;(callback as Callback)(error, ...results)
    })
  const result = query(...args)
  if (result instanceof Promise)
    result.then(
      () => span.end(),
      (error) => span.end(error),
    )
  else span.end()
  return result
}
