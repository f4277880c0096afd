import DataLoader from 'dataloader'
import type { Sql } from './db/sql.ts'

export interface LoaderContext {
  sql: Sql
  loaders: Map<unknown, unknown>
}

export interface Load<Key, Value> {
  (ctx: LoaderContext, key: Key): Promise<Value | null>
  /** Remembers a row that was read otherwise, for the rest of the request. */
  prime(ctx: LoaderContext, key: Key, value: Value | null): void
}

/**
 * Defines a lookup by key. Results are cached per request; lookups of all requests in the same tick become one query,
 * so that one event for two hundred viewers is one query. `load` may return rows in any order; `keyOf` returns the key
 * of a row.
 */
export function defineLoader<Key, Value>(
  load: (sql: Sql, keys: readonly Key[]) => Promise<Value[]>,
  keyOf: (value: Value) => string,
  keyText: (key: Key) => string = String,
): Load<Key, Value> {
  const shared = new WeakMap<Sql, DataLoader<Key, Value | null>>()

  const sharedLoader = (sql: Sql) => {
    const existing = shared.get(sql)
    if (existing) return existing
    const loader = new DataLoader<Key, Value | null>(
      async (keys) => {
        const distinct = new Map(keys.map((key) => [keyText(key), key]))
        const rows = await load(sql, [...distinct.values()])
        const found = new Map(rows.map((row) => [keyOf(row), row]))
        return keys.map((key) => found.get(keyText(key)) ?? null)
      },
      { cache: false, maxBatchSize: 1_000 },
    )
    shared.set(sql, loader)
    return loader
  }

  const seenIn = (ctx: LoaderContext) => {
    const seen = (ctx.loaders.get(load) ?? new Map()) as Map<string, Promise<Value | null>>
    if (seen.size === 0) ctx.loaders.set(load, seen)
    return seen
  }

  function loadOne(ctx: LoaderContext, key: Key): Promise<Value | null> {
    const seen = seenIn(ctx)
    const text = keyText(key)
    const known = seen.get(text)
    if (known) return known
    const loading = sharedLoader(ctx.sql).load(key)
    seen.set(text, loading)
    return loading
  }

  return Object.assign(loadOne, {
    prime: (ctx: LoaderContext, key: Key, value: Value | null) =>
      void seenIn(ctx).set(keyText(key), Promise.resolve(value)),
  })
}
