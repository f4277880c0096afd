import type { Tx } from '../platform/db/transaction.ts'

/** Ends everything that would reach somebody whose account ends. */
export async function forgetNotices(tx: Tx, userId: string): Promise<void> {
  await tx.sql.query(
    `update push_device set removed_at = now(), token = null where user_id = $1 and removed_at is null`,
    [userId],
  )
  await tx.sql.query(`delete from notification_settings where user_id = $1`, [userId])
  await tx.sql.query(`delete from digest where user_id = $1`, [userId])
}
