import { type Writable, withTransaction } from '../../transaction.ts'
import { removeDevices } from './store.ts'

/** The provider says that a device is gone: nothing is sent there again, and its owner sees it go. */
export async function deleteGoneDevice(ctx: Writable, id: string): Promise<void> {
  await withTransaction(ctx, async (tx) => {
    for (const userId of await removeDevices(tx.sql, [id]))
      tx.announce({ userId, kind: 'me', subjectId: userId })
  })
}
