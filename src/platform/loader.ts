import DataLoader from 'dataloader'
import type { Sql } from './db/sql.ts'

/** Reads the value of a key. */
export type Gathered<Key, Value> = (sql: Sql, key: Key) => Promise<Value>

/**
 * Reads keys together: those of one turn of the event loop become one statement, whichever requests they are from. A busy
 * server thereby pays for fewer statements, and an idle one does not wait. `read` returns the values in the order of the
 * keys.
 */
export function gather<Key, Value>(
  read: (sql: Sql, keys: readonly Key[]) => Promise<readonly Value[]>,
  maxBatchSize = 1_000,
): Gathered<Key, Value> {
  const loaders = new WeakMap<Sql, DataLoader<Key, Value>>()
  return (sql, key) => {
    const known = loaders.get(sql)
    if (known) return known.load(key)
    const loader = new DataLoader<Key, Value>((keys) => read(sql, keys), {
      cache: false,
      maxBatchSize,
      batchScheduleFn: inThisTurn,
    })
    loaders.set(sql, loader)
    return loader.load(key)
  }
}

/** After all sockets that can be read were read. */
const inThisTurn = (dispatch: () => void) => void setImmediate(dispatch)

/** What was looked up for one request, by loader. Most streams are idle, so it is small as long as it is empty. */
export class Loaded {
  #byLoader: Map<object, Map<string, Lookup<unknown>>> | null = null

  of<Value>(loader: object): Map<string, Lookup<Value>> {
    this.#byLoader ??= new Map()
    const known = this.#byLoader.get(loader) ?? new Map<string, Lookup<unknown>>()
    if (known.size === 0) this.#byLoader.set(loader, known)
    return known as Map<string, Lookup<Value>>
  }

  clear(): void {
    this.#byLoader = null
  }
}

export interface LoaderContext {
  sql: Sql
  loaders: Loaded
}

/** What a loader returns: the row itself if the request has read it, so that a field that shows it needs no promise. */
export type Lookup<Value> = Value | Promise<Value>

/** The result of `use` for what a loader returned. */
export function afterLookup<Value, Result>(
  found: Lookup<Value>,
  use: (value: Value) => Lookup<Result>,
): Lookup<Result> {
  return found instanceof Promise ? found.then(use) : use(found)
}

/** What a loader returns for several keys, in their order. */
export function lookUpAll<Key, Value>(
  keys: readonly Key[],
  lookUp: (key: Key) => Lookup<Value>,
): Promise<Value[]> {
  return Promise.all(keys.map(async (key) => lookUp(key)))
}

/** The same without keys that have no row. */
export async function lookUpExisting<Key, Value>(
  keys: readonly Key[],
  lookUp: (key: Key) => Lookup<Value | null>,
): Promise<Value[]> {
  const found = await lookUpAll(keys, lookUp)
  return found.filter((value) => value !== null)
}

export interface Load<Key, Value> {
  (ctx: LoaderContext, key: Key): Lookup<Value | null>
  /** Remembers a row that was read otherwise, for the rest of the request. */
  prime(ctx: LoaderContext, key: Key, value: Value | null): void
}

/**
 * Defines a lookup by key. Results are cached per request; lookups of all requests in one turn of the event loop become one
 * query, so that one event for two hundred viewers is one query. `load` may return rows in any order; `keyOf` returns the
 * key of a row, and `keyText` the same text for a key.
 */
export function defineLoader<Key, Value>(
  load: (sql: Sql, keys: readonly Key[]) => Promise<Value[]>,
  keyOf: (value: Value) => string,
  keyText: (key: Key) => string = String,
  maxBatchSize?: number,
): Load<Key, Value> {
  const gathered = gather<Key, Value | null>(async (sql, keys) => {
    const distinct = new Map(keys.map((key) => [keyText(key), key]))
    const rows = await load(sql, [...distinct.values()])
    const found = new Map(rows.map((row) => [keyOf(row), row]))
    return keys.map((key) => found.get(keyText(key)) ?? null)
  }, maxBatchSize)

  const seenIn = (ctx: LoaderContext) => ctx.loaders.of<Value | null>(load)

  function loadOne(ctx: LoaderContext, key: Key): Lookup<Value | null> {
    const seen = seenIn(ctx)
    const text = keyText(key)
    const known = seen.get(text)
    if (known !== undefined) return known
    const loading = gathered(ctx.sql, key)
    seen.set(text, loading)
    return loading
  }

  return Object.assign(loadOne, {
    prime: (ctx: LoaderContext, key: Key, value: Value | null) => void seenIn(ctx).set(keyText(key), value),
  })
}
