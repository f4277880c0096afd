import type { Listener } from '../../hooks.ts'
import { removeUnreferencedMedia } from '../release.ts'

/** Deletes the avatar of a deleted account, and its uploads that no message or group references. */
export const deleteUploads: Listener<'accountDeleted'> = async (tx, { userId }) => {
  await tx.sql.query(`update "user" set avatar_media_id = null, avatar_key = null where id = $1`, [userId])
  await tx.sql.query(`delete from upload_usage where user_id = $1`, [userId])
  const uploads = await tx.sql.query<{ id: string }>(`select id from media where owner_id = $1`, [userId])
  await removeUnreferencedMedia(
    tx.sql,
    uploads.map(({ id }) => id),
  )
}
