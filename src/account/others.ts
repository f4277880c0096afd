import type { Sql } from '../platform/db/sql.ts'
import type { Tx } from '../platform/db/transaction.ts'

/** What a later slice does when an account ends, in the transaction that ends it. */
export type ForgetUser = (tx: Tx, userId: string) => Promise<void>

/** What a later slice does when an account is made, in the transaction that makes it. */
export type NoteAccount = (tx: Tx, userId: string) => Promise<void>

/** Who sees a person by what a later slice knows, and so hears when that person changes. */
export type FindAudience = (sql: Sql, userId: string) => Promise<string[]>

/** Tells everybody who sees a person that the person has changed. */
export async function announceUser(
  { audiences }: { audiences: readonly FindAudience[] },
  tx: Tx,
  userId: string,
): Promise<void> {
  const found = await Promise.all(audiences.map((find) => find(tx.sql, userId)))
  for (const observerId of new Set(found.flat()))
    tx.announce({ userId: observerId, kind: 'user', subjectId: userId })
}
