import { foldName } from '../platform/language/folding/name.ts'
import type { Tx } from '../transaction.ts'
import { tombstoneHandle } from './handle.ts'

const name = 'Deleted account'

/**
 * What is left of an account that ended: an id for history to point at. The skeleton of the handle stays too, so
 * that nobody can appear under the name of somebody who is gone.
 */
export async function writeTombstone(tx: Tx, userId: string): Promise<void> {
  await tx.sql.query(
    `update "user" set handle = $2, display_name = $3, folded_name = $4, bio = null, email = null, phone = null, password_hash = '',
            deleted_at = now()
     where id = $1`,
    [userId, tombstoneHandle(userId), name, foldName(name)],
  )
}
