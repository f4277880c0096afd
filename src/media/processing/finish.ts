import type { Services } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import { type MediaRow, mediaColumns, type StoredVariant } from '../store.ts'

/** The result of processing. After a failure the media item is a FILE with the uploaded bytes. */
export type Outcome = { failure: string } | RenderResult

export interface RenderResult {
  objectKey?: string
  byteSize?: number
  width?: number | null
  height?: number | null
  durationMs?: number | null
  blurhash?: string | null
  variants?: StoredVariant[]
}

/** Another message referenced the media item after its conversations were locked. */
class ReferencedMeanwhile extends Error {}

const triesMax = 10

const write = `
  update media d
  set status = 'READY', failure = $2, kind = case when $2::text is null then d.kind else 'FILE' end,
      object_key = coalesce($3, d.object_key), byte_size = coalesce($4::integer, d.byte_size),
      width = $5::integer, height = $6::integer, duration_ms = $7::integer, blurhash = $8,
      variants = $9::text::jsonb
  where d.id = $1 and d.status = 'PROCESSING'
  returning ${mediaColumns}`

/** Makes a media item READY and announces it to its readers; false when it was deleted meanwhile. */
export async function finishProcessing(
  services: Services,
  mediaId: string,
  outcome: Outcome,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await withTransaction(services, (tx) => finish(services, tx, mediaId, outcome))
    } catch (error) {
      if (!(error instanceof ReferencedMeanwhile) || attempt === triesMax) throw error
    }
}

async function finish(services: Services, tx: Tx, mediaId: string, outcome: Outcome): Promise<boolean> {
  const locked = (await services.hooks.ask('mediaReferencesLocked', tx, mediaId)).flat()
  const media = await writeOutcome(tx.sql, mediaId, outcome)
  if (!media) return exists(tx.sql, mediaId)

  const [readers] = await services.hooks.ask('mediaReferencesRenewed', tx, { mediaId, locked })
  if (!readers) throw new ReferencedMeanwhile()
  for (const userId of new Set([media.ownerId, ...readers]))
    tx.announce({ userId, kind: 'media', subjectId: mediaId })

  await addJob(tx.sql, 'removeMediaBytes', { mediaId })
  return true
}

async function writeOutcome(sql: Sql, mediaId: string, outcome: Outcome): Promise<MediaRow | null> {
  const isFailure = 'failure' in outcome
  const made: RenderResult = isFailure ? {} : outcome
  const [media] = await sql.query<MediaRow>(write, [
    mediaId,
    isFailure ? outcome.failure : null,
    made.objectKey ?? null,
    made.byteSize ?? null,
    made.width ?? null,
    made.height ?? null,
    made.durationMs ?? null,
    made.blurhash ?? null,
    JSON.stringify(made.variants ?? []),
  ])
  return media ?? null
}

async function exists(sql: Sql, mediaId: string): Promise<boolean> {
  const found = await sql.query(`select id from media where id = $1`, [mediaId])
  return found.length > 0
}
