import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Services } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { RunningJob, Task } from '../../platform/jobs/job-runner.ts'
import { type MediaStorage, objectKey } from '../storage/storage.ts'
import { type MediaRow, mediaColumns, type StoredVariant } from '../store.ts'
import { finishProcessing, type Outcome } from './finish.ts'
import { blurhashOf, imageBounds, rewriteImage, writeThumbnail } from './image.ts'
import type { RenderJob } from './render-job.ts'
import { Unreadable } from './unreadable.ts'
import { renderVideo } from './video.ts'

/** Some uploads kill the process that decodes them; after this many attempts the upload is given up. */
const triesMax = 10

/** Attempts that may run into the time limit, in case the machine was busy. */
const slowTriesMax = 2

/** Enqueues processing. The job has more attempts than rendering, so that one remains to record the failure. */
export const processLater = (sql: Sql, mediaId: string): Promise<void> =>
  addJob(sql, 'processMedia', { mediaId }, { maxAttempts: triesMax + 5 })

/** Makes the renditions of an upload. Concurrent or repeated runs are safe: only one of them finishes it. */
export function processMedia(services: Services): Task {
  const { sql, media: parts } = services
  return {
    async run(payload, job) {
      const { mediaId } = payload as { mediaId: string }
      const [media] = await sql.query<MediaRow>(`select ${mediaColumns} from media d where d.id = $1`, [
        mediaId,
      ])
      if (media?.status !== 'PROCESSING') return
      const outcome = await outcomeOf(services, media, job)
      const exists = await finishProcessing(services, mediaId, outcome)
      // Deleted meanwhile: remove the renditions, too.
      if (!exists) await parts.storage.remove(mediaId, [])
    },
  }
}

/** The renditions, or why there are none; the upload is then a file. */
async function outcomeOf(
  services: Services,
  media: MediaRow,
  { attempt, signal }: RunningJob,
): Promise<Outcome> {
  if (attempt > triesMax) return { failure: 'Every attempt was cut off by the end of its server.' }
  const limit = AbortSignal.timeout(services.config.limits.mediaProcessingSeconds * 1000)
  const isFinal = (error: unknown): boolean =>
    !signal.aborted &&
    (error instanceof Unreadable || attempt >= triesMax || (limit.aborted && attempt >= slowTriesMax))
  try {
    return await render(services, { media, signal: AbortSignal.any([signal, limit]), isFinal })
  } catch (error) {
    if (!isFinal(error)) throw error
    services.log.info({ mediaId: media.id, err: error }, 'media not rendered, kept as a file')
    return { failure: String(error) }
  }
}

async function render(
  services: Services,
  attempt: Pick<RenderJob, 'media' | 'signal' | 'isFinal'>,
): Promise<Outcome> {
  const { storage } = services.media
  const { media } = attempt
  if (media.objectKey === null) throw new Unreadable('The upload has no bytes.')
  const folder = await mkdtemp(join(tmpdir(), 'parlance-media-'))
  try {
    return await storage.withFile(media.objectKey, (source) => {
      const store = (draft: string) => storeDraft(storage, media.id, draft)
      const job: RenderJob = { ...attempt, source, folder, store }
      return media.kind === 'IMAGE' ? renderImage(services, job) : renderVideo(services, job)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function storeDraft(storage: MediaStorage, mediaId: string, draft: string): Promise<string> {
  const key = objectKey(mediaId, newId())
  await storage.put(key, draft)
  return key
}

async function renderImage({ config }: Services, job: RenderJob): Promise<Outcome> {
  const { media, source, folder, store } = job
  const bounds = imageBounds(config.limits)
  const drafts = { original: join(folder, 'original'), thumbnail: join(folder, 'thumbnail') }
  const image = await rewriteImage(source, drafts.original, media.mimeType, bounds)
  // From the encoded copy, which is upright and contains pixels only.
  const thumbnail = await writeThumbnail(drafts.original, drafts.thumbnail, bounds)
  const blurhash = await blurhashOf(drafts.thumbnail, bounds)
  const variant: StoredVariant = {
    name: 'thumbnail',
    mimeType: 'image/webp',
    ...thumbnail,
    key: await store(drafts.thumbnail),
  }
  return { ...image, blurhash, objectKey: await store(drafts.original), variants: [variant] }
}
