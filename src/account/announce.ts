import type { Core } from '../context.ts'
import type { Tx } from '../transaction.ts'

/** Announces a changed user to every user who observes them. */
export async function announceUser({ hooks }: Pick<Core, 'hooks'>, tx: Tx, userId: string): Promise<void> {
  const found = await hooks.ask('observersOf', tx.sql, userId)
  for (const observerId of new Set(found.flat()))
    tx.announce({ userId: observerId, kind: 'user', subjectId: userId })
}
