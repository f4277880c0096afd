import type { Listener } from '../hooks.ts'

/** Nothing is kept of when somebody was there whose account ends. */
export const forgetPresence: Listener<'accountDeleted'> = async (tx, { userId }) => {
  await tx.sql.query(`delete from presence where user_id = $1`, [userId])
}
