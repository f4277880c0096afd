import type { Listener } from '../hooks.ts'

/** Removes the push devices, settings and digests of a deleted account. */
export const deletePushData: Listener<'accountDeleted'> = async (tx, { userId }) => {
  await tx.sql.query(
    `update push_device set removed_at = now(), token = null where user_id = $1 and removed_at is null`,
    [userId],
  )
  await tx.sql.query(`delete from notification_settings where user_id = $1`, [userId])
  await tx.sql.query(`delete from contact_verification where user_id = $1`, [userId])
  await tx.sql.query(`delete from password_reset where user_id = $1`, [userId])
  await tx.sql.query(`delete from digest where user_id = $1`, [userId])
}
