import { type Writable, withTransaction } from '../../transaction.ts'
import { removeDevices } from './store.ts'

/** Removes a device whose token the provider reports as invalid, and announces that to its owner. */
export async function deleteGoneDevice(ctx: Writable, id: string): Promise<void> {
  await withTransaction(ctx, async (tx) => {
    for (const userId of await removeDevices(tx.sql, [id]))
      tx.announce({ userId, kind: 'me', subjectId: userId })
  })
}
