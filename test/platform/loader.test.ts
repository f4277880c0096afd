import { expect, test } from 'vitest'
import type { Sql } from '../../src/platform/db/sql.ts'
import { gather } from '../../src/platform/loader.ts'

const noSql: Sql = { query: async () => [] }

test('keys of several callbacks of one turn are read together, and each caller gets the value of its key', async () => {
  const batches: number[][] = []
  const double = gather(async (_sql, keys: readonly number[]) => {
    batches.push([...keys])
    return keys.map((key) => 2 * key)
  }, 3)
  const inCallbackOfItsOwn = (key: number) =>
    new Promise<number>((resolve) => setImmediate(() => resolve(double(noSql, key))))
  expect(await Promise.all([1, 2, 3, 4].map(inCallbackOfItsOwn))).toEqual([2, 4, 6, 8])
  expect(batches).toEqual([[1, 2, 3], [4]])
})
