import { type Context, requireViewer } from '../../context.ts'
import { notFound, Refusal, refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import { withTransaction } from '../../transaction.ts'
import { processLater } from '../processing/process.ts'
import { removeBytesLater } from '../release.ts'
import { objectKey } from '../storage/storage.ts'
import { type MediaRow, mediaColumns } from '../store.ts'
import type { ContentType } from './content-type.ts'
import { inspect } from './inspect.ts'

/** Inspects the bytes that were uploaded and decides the kind by their content. Idempotent. */
export async function completeUpload(ctx: Context, mediaId: string): Promise<MediaRow> {
  const { userId } = requireViewer(ctx)
  const media = await findOwn(ctx.sql, mediaId, userId)
  if (media.status !== 'UPLOADING') return media

  // Every attempt has a key of its own: bytes that are brought at the same moment are never those that were looked at.
  const key = objectKey(mediaId, newId())
  const byteSize = await ctx.media.storage.take(mediaId, key)
  if (byteSize === null) return awaited(await findOwn(ctx.sql, mediaId, userId))
  const verdict = await inspect(ctx, media, key, byteSize).catch((error: unknown) => {
    if (error instanceof Refusal && error.code !== 'UNAVAILABLE') return error
    throw error
  })
  const settled = await withTransaction(ctx, (tx) => settle(ctx, tx.sql, media, key, verdict))
  if (verdict instanceof Refusal && settled.status === 'FAILED') throw verdict
  return settled
}

async function findOwn(sql: Sql, mediaId: string, userId: string): Promise<MediaRow> {
  const [media] = await sql.query<MediaRow>(
    `select ${mediaColumns} from media d where d.id = $1 and d.owner_id = $2`,
    [mediaId, userId],
  )
  if (!media) throw notFound('media')
  return media
}

/** Another call may have taken the bytes a moment ago. */
function awaited(media: MediaRow): MediaRow {
  if (media.status === 'UPLOADING') throw refuse('CONFLICT', 'Its bytes have not been uploaded yet.')
  return media
}

const lock = `select ${mediaColumns} from media d where d.id = $1 for no key update`

const write = `
  update media d
  set status = $2::media_status, kind = $3::media_kind, mime_type = $4, object_key = $5, failure = $6,
      completed_at = clock_timestamp()
  where d.id = $1
  returning ${mediaColumns}`

async function settle(
  ctx: Context,
  sql: Sql,
  { id, expiresAt }: MediaRow,
  key: string,
  verdict: ContentType | Refusal,
): Promise<MediaRow> {
  const [media] = await sql.query<MediaRow>(lock, [id])
  if (!media) throw notFound('media')
  // Whoever was first has decided; the bytes that this attempt took go with the others that are not needed.
  if (media.status !== 'UPLOADING') {
    await addJob(sql, 'removeMediaBytes', { mediaId: id })
    return media
  }
  const failed = verdict instanceof Refusal
  const { kind, mimeType } = failed ? media : verdict
  const status = failed ? 'FAILED' : kind === 'FILE' ? 'READY' : 'PROCESSING'
  const [settled] = await sql.query<MediaRow>(write, [
    id,
    status,
    kind,
    mimeType,
    failed ? null : key,
    failed ? verdict.message : null,
  ])
  if (status === 'PROCESSING') await processLater(sql, id)
  else await addJob(sql, 'removeMediaBytes', { mediaId: id })
  // Where clients write to the storage itself, the ticket can be used again until it expires.
  if (!ctx.media.storage.receive) await removeBytesLater(sql, id, expiresAt)
  return settled as MediaRow
}
