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

/** Inspects the uploaded bytes and decides the kind by their content. Idempotent. */
export async function completeUpload(ctx: Context, mediaId: string): Promise<MediaRow> {
  const { userId } = requireViewer(ctx)
  const media = await findOwn(ctx.sql, mediaId, userId)
  if (media.status !== 'UPLOADING') return media

  // Each attempt has its own key, so that a concurrent upload cannot replace the inspected bytes.
  const key = objectKey(mediaId, newId())
  const byteSize = await ctx.media.storage.accept(mediaId, key)
  if (byteSize === null) return assertCompleted(await findOwn(ctx.sql, mediaId, userId))
  const content = await inspect(ctx, media, key, byteSize).catch((error: unknown) => {
    if (error instanceof Refusal && error.code !== 'UNAVAILABLE') return error
    throw error
  })
  const completed = await withTransaction(ctx, (tx) => complete(ctx, tx.sql, media, key, content))
  if (content instanceof Refusal && completed.status === 'FAILED') throw content
  return completed
}

async function findOwn(sql: Sql, mediaId: string, userId: string): Promise<MediaRow> {
  const [media] = await sql.query<MediaRow>(
    `select ${mediaColumns} from media d where d.id = $1 and d.owner_id = $2`,
    [mediaId, userId],
  )
  if (!media) throw notFound('media')
  return media
}

/** Without uploaded bytes, another call must have completed the upload meanwhile. */
function assertCompleted(media: MediaRow): MediaRow {
  if (media.status === 'UPLOADING') throw refuse('CONFLICT', 'The bytes have not been uploaded yet.')
  return media
}

const lock = `select ${mediaColumns} from media d where d.id = $1 for no key update`

const write = `
  update media d
  set status = $2::media_status, kind = $3::media_kind, mime_type = $4, object_key = $5, failure = $6,
      completed_at = clock_timestamp()
  where d.id = $1
  returning ${mediaColumns}`

async function complete(
  ctx: Context,
  sql: Sql,
  { id, expiresAt }: MediaRow,
  key: string,
  content: ContentType | Refusal,
): Promise<MediaRow> {
  const [media] = await sql.query<MediaRow>(lock, [id])
  if (!media) throw notFound('media')
  // A concurrent call was first; the bytes of this attempt are removed with the others.
  if (media.status !== 'UPLOADING') {
    await addJob(sql, 'removeMediaBytes', { mediaId: id })
    return media
  }
  const failed = content instanceof Refusal
  const { kind, mimeType } = failed ? media : content
  const status = failed ? 'FAILED' : kind === 'FILE' ? 'READY' : 'PROCESSING'
  const [completed] = await sql.query<MediaRow>(write, [
    id,
    status,
    kind,
    mimeType,
    failed ? null : key,
    failed ? content.message : null,
  ])
  if (status === 'PROCESSING') await processLater(sql, id)
  else await addJob(sql, 'removeMediaBytes', { mediaId: id })
  // Clients that upload to the storage directly can use the ticket again until it expires.
  if (!ctx.media.storage.receive) await removeBytesLater(sql, id, expiresAt)
  return completed as MediaRow
}
