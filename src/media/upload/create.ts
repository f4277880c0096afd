import { limitViewer } from '../../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { type CreateUploadInput, createUploadSchema } from '../inputs.ts'
import type { Destination } from '../storage/storage.ts'
import { type MediaRow, mediaColumns } from '../store.ts'
import { kindOf } from './content-type.ts'

/** A new upload and the request for its bytes. */
export interface UploadTicket extends Destination {
  media: MediaRow
}

/** Starts an upload and returns its ticket. */
export async function createUpload(ctx: Context, input: CreateUploadInput): Promise<UploadTicket> {
  const { userId } = requireViewer(ctx)
  const checked = check(createUploadSchema, input, 'input')
  const limit = ctx.config.limits.uploadBytes
  if (checked.byteSize > limit)
    throw refuse('LIMIT_EXCEEDED', `The upload must have at most ${limit} bytes.`, { limit })
  await limitViewer(ctx, { name: 'uploads', points: ctx.config.limits.uploadsPerMinute, seconds: 60 })

  const media = await withTransaction(ctx, async (tx) => {
    await countUpload(ctx, tx.sql, userId, checked.byteSize)
    return insert(ctx, tx.sql, userId, checked)
  })
  const { id: mediaId, mimeType, byteSize, expiresAt } = media
  const upload = { mediaId, mimeType, byteSize, expiresAt, form: input.form ?? false }
  return { media, ...(await ctx.media.storage.destination(upload, ctx.origin)) }
}

const write = `
  insert into media as d (id, owner_id, kind, filename, mime_type, byte_size, as_file, expires_at)
  values ($1, $2, $3::media_kind, $4, $5, $6::integer, $7, clock_timestamp() + make_interval(secs => $8::integer))
  returning ${mediaColumns}`

async function insert(
  ctx: Context,
  sql: Sql,
  ownerId: string,
  { filename, mimeType, byteSize, asFile }: CreateUploadInput,
): Promise<MediaRow> {
  const { uploadSeconds, unusedUploadSeconds } = ctx.config.limits
  const kind = asFile ? 'FILE' : kindOf(mimeType)
  const [media] = await sql.query<MediaRow>(write, [
    newId(),
    ownerId,
    kind,
    filename,
    mimeType,
    byteSize,
    asFile ?? false,
    uploadSeconds,
  ])
  const runAt = new Date(Date.now() + unusedUploadSeconds * 1000)
  await addJob(sql, 'collectUnusedMedia', { mediaId: media?.id }, { runAt })
  return media as MediaRow
}

// Deleted uploads count, too: the limit is on traffic, not on storage.
const countUsage = `
  insert into upload_usage as x (user_id, day, uploads, bytes)
  select $1, (clock_timestamp() at time zone 'UTC')::date, 1, $2::bigint where 1 <= $3::bigint and $2::bigint <= $4::bigint
  on conflict (user_id) do update
    set day = excluded.day,
        uploads = case when x.day = excluded.day then x.uploads else 0 end + 1,
        bytes = case when x.day = excluded.day then x.bytes else 0 end + excluded.bytes
    where case when x.day = excluded.day then x.uploads else 0 end < $3::bigint
      and case when x.day = excluded.day then x.bytes else 0 end + excluded.bytes <= $4::bigint
  returning user_id`

async function countUpload(ctx: Context, sql: Sql, userId: string, byteSize: number): Promise<void> {
  const { uploadsPerDay, uploadBytesPerDay } = ctx.config.limits
  const counted = await sql.query(countUsage, [userId, byteSize, uploadsPerDay, uploadBytesPerDay])
  if (counted.length > 0) return
  throw refuse(
    'LIMIT_EXCEEDED',
    `The daily limit is ${uploadsPerDay} uploads and ${uploadBytesPerDay} bytes; retry tomorrow.`,
  )
}
