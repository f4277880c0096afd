import type { Prisma, PrismaClient } from './platform/db/generated/client.ts'
import { beforeCommit, outageOf } from './platform/db/outage.ts'
import { prismaSql, type Sql } from './platform/db/sql.ts'
import { onLiveConnection } from './platform/db/transaction/begin.ts'
import { commitInTime } from './platform/db/transaction/commit-in-time.ts'
import { Loaded, type LoaderContext } from './platform/loader.ts'
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
  /** Versions that save the reader a query; optional. What a reader has before is unknown if `from` is null. */
  hint?: { from: number | null; to: number }
}

/** The transaction of an operation. Its changes are numbered just before the commit. */
export interface Tx {
  db: Prisma.TransactionClient
  sql: Sql
  announce(...changes: Change[]): void
  /** Delivers the changes of a conversation to its members. Requires the conversation's lock. */
  deliver(conversationId: string): void
  afterCommit(task: () => void): void
}

/** What a change of a conversation is written with. */
export type ConversationWriter = Pick<Tx, 'sql' | 'deliver'>

/** A message that was stored after the deliveries of its conversation were read. */
export interface AppendedMessage {
  conversationId: string
  seq: number
  version: number
  mentions: readonly (string | null)[]
}

/**
 * What conversations have to deliver, and to whom. Each answer is the last step of the transaction, and publishes what it
 * numbered, after the commit.
 */
export interface Deliveries {
  /** Numbers changes of users and those of the conversations. */
  announce(changes: Change[]): Promise<() => void>
  /** Numbers messages that were appended since; other conversations stay as they are. */
  announceAppended(messages: readonly AppendedMessage[]): Promise<() => void>
}

export interface Writable {
  db: PrismaClient
  hooks: {
    ask(name: 'deliveriesRead', sql: Sql, conversationIds: string[]): Promise<Deliveries[]>
    signal(name: 'changesMarked' | 'outcomeUnknown'): void
  }
  /** The loader cache of the request, cleared after a write. Background work has none. */
  loaders?: { clear(): void }
  /** The time after which nothing is committed; null for background work. */
  deadline?: Deadline | null
  /** Set once a change is committed. */
  committed?: boolean
}

const options = { maxWait: 5_000, timeout: 10_000 }

/**
 * For loaders within a transaction, which reads on its own connection: if each transaction waited for a second connection,
 * as many as there are connections would wait for each other.
 */
export const readingIn = ({ sql }: Pick<Tx, 'sql'>): LoaderContext => ({ sql, loaders: new Loaded() })

export async function withTransaction<T>(ctx: Writable, work: (tx: Tx) => Promise<T>): Promise<T> {
  const changes: Change[] = []
  const conversationIds = new Set<string>()
  const afterCommit: (() => void)[] = []
  let begun = false
  let committed: { done: T } | null = null
  const attempt = () =>
    ctx.db.$transaction(async (db) => {
      begun = true
      const sql = prismaSql(db)
      const leftMs = ctx.deadline?.leftMs
      let done: T
      try {
        done = await work({
          db,
          sql,
          announce: (...more) => void changes.push(...more),
          deliver: (conversationId) => void conversationIds.add(conversationId),
          afterCommit: (task) => void afterCommit.push(task),
        })
        if (changes.length + conversationIds.size > 0)
          for (const deliveries of await ctx.hooks.ask('deliveriesRead', sql, [...conversationIds]))
            afterCommit.push(await deliveries.announce(changes))
      } catch (error) {
        throw beforeCommit(error)
      }
      if (leftMs !== undefined) {
        await commitInTime(db, leftMs)
        committed = { done }
      }
      return done
    }, options)
  const result = await onLiveConnection(attempt, () => begun).catch((error: unknown) => {
    // What fails after the commit does not undo it.
    if (committed) return committed.done
    // Numbers that were committed after all are not published by this process.
    if (outageOf(error) === 'perhaps written') ctx.hooks.signal('outcomeUnknown')
    throw error
  })

  ctx.committed = true
  ctx.loaders?.clear()
  for (const task of afterCommit) task()
  if (conversationIds.size > 0) ctx.hooks.signal('changesMarked')
  return result
}
