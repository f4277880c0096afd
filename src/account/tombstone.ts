import { foldName } from '../platform/language/folding/name.ts'
import type { Tx } from '../transaction.ts'
import { tombstoneHandle } from './handle.ts'

const name = 'Deleted account'

/**
 * Replaces a deleted account by a tombstone: an id that history can reference. The skeleton of the handle stays, so
 * that no other account can take a handle that looks like it.
 */
export async function writeTombstone(tx: Tx, userId: string): Promise<void> {
  await tx.sql.query(
    `update "user" set handle = $2, display_name = $3, folded_name = $4, bio = null, email = null, phone = null, password_hash = '',
            deleted_at = now()
     where id = $1`,
    [userId, tombstoneHandle(userId), name, foldName(name)],
  )
}
