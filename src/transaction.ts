import { commitInTime } from './platform/db/commit-in-time.ts'
import type { Prisma, PrismaClient } from './platform/db/generated/client.ts'
import { beforeCommit } from './platform/db/outage.ts'
import { prismaSql, type Sql } from './platform/db/sql.ts'
import type { Deadline } from './platform/time/deadline.ts'

/** Kinds of subjects with announced changes, declared by the inbox. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging.
export interface SubjectKinds {}

/** A change of one user's data: the kind of subject and its id. */
export interface Change {
  userId: string
  kind: keyof SubjectKinds
  subjectId: string
  /** The user no longer has the subject. */
  removed?: boolean
  /** Message numbers that save the reader a query; optional. */
  hint?: { from: number; to: number }
}

/** The transaction of an operation. Its changes are numbered just before the commit. */
export interface Tx {
  db: Prisma.TransactionClient
  sql: Sql
  announce(...changes: Change[]): void
  afterCommit(task: () => void): void
}

export interface Writable {
  db: PrismaClient
  hooks: { ask(name: 'changesAnnounced', sql: Sql, changes: Change[]): Promise<(() => void)[]> }
  /** The loader cache of the request, cleared after a write. Background work has none. */
  loaders?: Map<unknown, unknown>
  /** The time after which nothing is committed; null for background work. */
  deadline?: Deadline | null
}

const options = { maxWait: 5_000, timeout: 10_000 }

export async function withTransaction<T>(ctx: Writable, work: (tx: Tx) => Promise<T>): Promise<T> {
  const afterCommit: (() => void)[] = []
  const result = await ctx.db.$transaction(async (db) => {
    const changes: Change[] = []
    const sql = prismaSql(db)
    const leftMs = ctx.deadline?.leftMs
    try {
      const done = await work({
        db,
        sql,
        announce: (...more) => void changes.push(...more),
        afterCommit: (task) => void afterCommit.push(task),
      })
      if (changes.length > 0) afterCommit.push(...(await ctx.hooks.ask('changesAnnounced', sql, changes)))
      if (leftMs !== undefined) await commitInTime(sql, leftMs)
      return done
    } catch (error) {
      throw beforeCommit(error)
    }
  }, options)

  ctx.loaders?.clear()
  for (const task of afterCommit) task()
  return result
}
