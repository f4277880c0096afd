import type { Listener } from '../hooks.ts'

/** Deletes the presence of a deleted account. */
export const deletePresence: Listener<'accountDeleted'> = async (tx, { userId }) => {
  await tx.sql.query(`delete from presence where user_id = $1`, [userId])
}
