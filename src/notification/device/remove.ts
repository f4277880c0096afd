import { type Context, requireViewer } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { Loaded } from '../../platform/loader.ts'
import { withTransaction } from '../../transaction.ts'
import { loadDevice, removeDevices } from './store.ts'

/** Removes a push device of the viewer. Idempotent. */
export async function removePushDevice(ctx: Context, id: string): Promise<void> {
  const { userId } = requireViewer(ctx)
  await withTransaction(ctx, async (tx) => {
    const device = await loadDevice({ sql: tx.sql, loaders: new Loaded() }, id)
    if (device?.userId !== userId) throw notFound('push device')
    const owners = await removeDevices(tx.sql, [id])
    if (owners.length > 0) tx.announce({ userId, kind: 'me', subjectId: userId })
  })
}
