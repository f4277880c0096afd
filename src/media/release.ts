import type { Sql } from '../platform/db/sql.ts'
import { addJob } from '../platform/jobs/add-job.ts'

const lockThem = `select id from media where id = any($1::text[]) order by id for update`

const removeUnreferenced = `
  delete from media d
  where d.id = any($1::text[])
    and not exists (select from message_media h where h.media_id = d.id)
    and not exists (select from "user" u where u.avatar_media_id = d.id)
    and not exists (select from group_conversation g where g.avatar_media_id = d.id)
  returning d.id, d.expires_at as "expiresAt"`

/** Removes those of the media that nothing holds any more, and their bytes after the commit. */
export async function removeUnreferencedMedia(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  // Locked first and looked at later: a message that takes one up at this moment is seen, or finds it gone.
  await sql.query(lockThem, [ids])
  const gone = await sql.query<{ id: string; expiresAt: Date }>(removeUnreferenced, [ids])
  for (const { id, expiresAt } of gone) {
    await addJob(sql, 'removeMediaBytes', { mediaId: id })
    if (new Date(expiresAt) > new Date()) await removeBytesLater(sql, id, expiresAt)
  }
}

const afterwardsMs = 60_000

/** Looks again once the ticket has expired: until then somebody may go on bringing bytes. */
export async function removeBytesLater(sql: Sql, mediaId: string, expiresAt: Date): Promise<void> {
  const runAt = new Date(new Date(expiresAt).getTime() + afterwardsMs)
  await addJob(sql, 'removeMediaBytes', { mediaId }, { runAt })
}

/** A message that is taken back lets go of its media; those that no other message holds are gone with it. */
export async function releaseMediaOfMessage(
  sql: Sql,
  { conversationId, seq }: { conversationId: string; seq: number },
): Promise<void> {
  const held = await sql.query<{ id: string }>(
    `delete from message_media where conversation_id = $1 and seq = $2 returning media_id as id`,
    [conversationId, seq],
  )
  await removeUnreferencedMedia(
    sql,
    held.map(({ id }) => id),
  )
}
