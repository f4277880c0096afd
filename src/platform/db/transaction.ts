import type { Bus } from '../bus/bus.ts'
import { announce, type Change, publishChanges } from '../outbox/announce.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'
import { prismaSql, type Sql } from './sql.ts'

/** What a verb writes with. Its changes are announced as the last thing before the commit. */
export interface Tx {
  db: Prisma.TransactionClient
  sql: Sql
  announce(...changes: Change[]): void
  afterCommit(task: () => void): void
}

export interface Writable {
  db: PrismaClient
  bus: Bus
  /** What this request has loaded so far; stale after a write. */
  loaders: Map<unknown, unknown>
}

const options = { maxWait: 5_000, timeout: 10_000 }

export async function withTransaction<T>(ctx: Writable, work: (tx: Tx) => Promise<T>): Promise<T> {
  const afterCommit: (() => void)[] = []
  const result = await ctx.db.$transaction(async (db) => {
    const changes: Change[] = []
    const sql = prismaSql(db)
    const done = await work({
      db,
      sql,
      announce: (...more) => void changes.push(...more),
      afterCommit: (task) => void afterCommit.push(task),
    })
    const numbered = await announce(sql, changes)
    afterCommit.push(() => publishChanges(ctx.bus, numbered))
    return done
  }, options)

  ctx.loaders.clear()
  for (const task of afterCommit) task()
  return result
}
