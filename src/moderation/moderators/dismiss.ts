import type { Listener } from '../../hooks.ts'

/** Ends the rights of a deleted account. */
export const dismissDeleted: Listener<'accountDeleted'> = async (tx, { userId }) => {
  await tx.sql.query(`delete from moderator where user_id = $1`, [userId])
}
