import type { Sql } from '../platform/db/sql.ts'
import { addJob } from '../platform/jobs/add-job.ts'

const lockMedia = `select id from media where id = any($1::text[]) order by id for update`

const removeUnreferenced = `
  delete from media d
  where d.id = any($1::text[])
    and not exists (select from message_media h where h.media_id = d.id)
    and not exists (select from "user" u where u.avatar_media_id = d.id)
    and not exists (select from group_conversation g where g.avatar_media_id = d.id)
  returning d.id, d.expires_at as "expiresAt"`

/** Deletes the media items that no message, user or group references; a job removes their bytes after the commit. */
export async function removeUnreferencedMedia(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  // Locked before the check: a concurrent send is either seen by the check, or finds the media item deleted.
  await sql.query(lockMedia, [ids])
  const deleted = await sql.query<{ id: string; expiresAt: Date }>(removeUnreferenced, [ids])
  for (const { id, expiresAt } of deleted) {
    await addJob(sql, 'removeMediaBytes', { mediaId: id })
    if (new Date(expiresAt) > new Date()) await removeBytesLater(sql, id, expiresAt)
  }
}

const expiryMarginMs = 60_000

/** Removes bytes again after the ticket has expired: until then clients may upload more. */
export async function removeBytesLater(sql: Sql, mediaId: string, expiresAt: Date): Promise<void> {
  const runAt = new Date(new Date(expiresAt).getTime() + expiryMarginMs)
  await addJob(sql, 'removeMediaBytes', { mediaId }, { runAt })
}

/** Drops a recalled message's references to media items, and the media items that nothing else references. */
export async function releaseMediaOfMessage(
  sql: Sql,
  { conversationId, seq }: { conversationId: string; seq: number },
): Promise<void> {
  const released = await sql.query<{ id: string }>(
    `delete from message_media where conversation_id = $1 and seq = $2 returning media_id as id`,
    [conversationId, seq],
  )
  await removeUnreferencedMedia(
    sql,
    released.map(({ id }) => id),
  )
}
