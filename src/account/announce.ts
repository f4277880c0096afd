import type { Core } from '../context.ts'
import type { Tx } from '../transaction.ts'

/** Tells everybody who sees a person that the person has changed. */
export async function announceUser({ hooks }: Pick<Core, 'hooks'>, tx: Tx, userId: string): Promise<void> {
  const found = await hooks.ask('observersOf', tx.sql, userId)
  for (const observerId of new Set(found.flat()))
    tx.announce({ userId: observerId, kind: 'user', subjectId: userId })
}
