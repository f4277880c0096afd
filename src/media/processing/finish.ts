import type { Services } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type Tx, withTransaction } from '../../platform/db/transaction.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import { type MediaRow, mediaColumns, type StoredVariant } from '../store.ts'

/** What became of an upload. Whatever is not said stays as it is. */
export type Outcome = { failure: string } | Rendition

export interface Rendition {
  objectKey?: string
  byteSize?: number
  width?: number | null
  height?: number | null
  durationMs?: number | null
  blurhash?: string | null
  variants?: StoredVariant[]
}

/** A message took it up between the two looks. */
class HeldElsewhere extends Error {}

const triesMax = 10

const write = `
  update media d
  set status = $2::media_status, failure = $3, object_key = coalesce($4, d.object_key),
      byte_size = coalesce($5::integer, d.byte_size), width = $6::integer, height = $7::integer,
      duration_ms = $8::integer, blurhash = $9, variants = $10::text::jsonb
  where d.id = $1 and d.status = 'PROCESSING'
  returning ${mediaColumns}`

/** Says that an upload is READY or FAILED, to all who see it; false when it has gone or somebody else has said so. */
export async function settleMedia(services: Services, mediaId: string, outcome: Outcome): Promise<boolean> {
  const writable = { ...services, loaders: new Map() }
  for (let attempt = 1; ; attempt += 1)
    try {
      return await withTransaction(writable, (tx) => settle(services, tx, mediaId, outcome))
    } catch (error) {
      if (!(error instanceof HeldElsewhere) || attempt === triesMax) throw error
    }
}

async function settle(services: Services, tx: Tx, mediaId: string, outcome: Outcome): Promise<boolean> {
  const locked = (await services.hooks.ask('mediaHoldersLocked', tx, mediaId)).flat()
  const media = await writeOutcome(tx.sql, mediaId, outcome)
  if (!media) return exists(tx.sql, mediaId)

  const [readers] = await services.hooks.ask('mediaHoldersRenewed', tx, { mediaId, locked })
  if (!readers) throw new HeldElsewhere()
  for (const userId of new Set([media.ownerId, ...readers]))
    tx.announce({ userId, kind: 'media', subjectId: mediaId })
  tx.afterCommit(() => services.hooks.signal('changesMarked'))

  await addJob(tx.sql, 'removeMediaBytes', { mediaId })
  return true
}

async function writeOutcome(sql: Sql, mediaId: string, outcome: Outcome): Promise<MediaRow | null> {
  const failure = 'failure' in outcome ? outcome.failure : null
  const made: Rendition = 'failure' in outcome ? {} : outcome
  const [media] = await sql.query<MediaRow>(write, [
    mediaId,
    failure === null ? 'READY' : 'FAILED',
    failure,
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
