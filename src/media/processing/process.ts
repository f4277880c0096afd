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
import { type Outcome, settleMedia } from './finish.ts'
import { blurhashOf, rewriteImage, writeThumbnail } from './image.ts'
import { Unreadable } from './unreadable.ts'
import { renderFilm } from './video.ts'

/** What a rendering works with: the bytes as a file, a folder for its drafts, and where the results go. */
export interface Workshop {
  media: MediaRow
  source: string
  folder: string
  signal: AbortSignal
  /** Moves a draft to the store; its key. */
  keep(draft: string): Promise<string>
}

/** After so many the fault is taken to be the upload's: some kill the process that decodes them. */
const triesMax = 10

/** Leaves the work for a job, which may be begun more often than it is tried: somebody has to say that it failed. */
export const processLater = (sql: Sql, mediaId: string): Promise<void> =>
  addJob(sql, 'processMedia', { mediaId }, { maxAttempts: triesMax + 5 })

/** Makes the renditions of an upload. Done twice, or by two at once, it is done once: only one of them settles it. */
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
      const settled = await settleMedia(services, mediaId, outcome)
      // It went while it was worked on: so do the renditions.
      if (!settled) await parts.storage.remove(mediaId, [])
    },
  }
}

async function outcomeOf(
  services: Services,
  media: MediaRow,
  { attempt, signal }: RunningJob,
): Promise<Outcome> {
  if (attempt > triesMax) return { failure: 'Every attempt ended with its server.' }
  const limit = AbortSignal.timeout(services.config.limits.mediaProcessingSeconds * 1000)
  try {
    return await render(services, media, AbortSignal.any([signal, limit]))
  } catch (error) {
    const final = error instanceof Unreadable || attempt === triesMax
    if (!final || signal.aborted) throw error
    services.log.info({ mediaId: media.id, err: error }, 'an upload could not be processed')
    return { failure: String(error) }
  }
}

async function render(services: Services, media: MediaRow, signal: AbortSignal): Promise<Outcome> {
  const { storage } = services.media
  const key = media.objectKey
  if (key === null) throw new Unreadable('There are no bytes.')
  const folder = await mkdtemp(join(tmpdir(), 'parlance-media-'))
  try {
    return await storage.withFile(key, (source) => {
      const keep = (draft: string) => keepDraft(storage, media.id, draft)
      const workshop: Workshop = { media, source, folder, signal, keep }
      return media.kind === 'IMAGE' ? renderImage(services, workshop) : renderFilm(services, workshop)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function keepDraft(storage: MediaStorage, mediaId: string, draft: string): Promise<string> {
  const key = objectKey(mediaId, newId())
  await storage.put(key, draft)
  return key
}

async function renderImage({ config }: Services, workshop: Workshop): Promise<Outcome> {
  const { media, source, folder, keep } = workshop
  const { mediaMegapixels, mediaProcessingSeconds: seconds } = config.limits
  const bounds = { maxPixels: mediaMegapixels * 1_000_000, seconds }
  const drafts = { original: join(folder, 'original'), thumbnail: join(folder, 'thumbnail') }
  try {
    const image = await rewriteImage(source, drafts.original, media.mimeType, bounds)
    // Of the copy: it is the right way up already, and nothing that was hidden in the upload is decoded twice.
    const thumbnail = await writeThumbnail(drafts.original, drafts.thumbnail, bounds)
    const blurhash = await blurhashOf(drafts.thumbnail, bounds)
    const variant: StoredVariant = {
      name: 'thumbnail',
      mimeType: 'image/webp',
      ...thumbnail,
      key: await keep(drafts.thumbnail),
    }
    return { ...image, blurhash, objectKey: await keep(drafts.original), variants: [variant] }
  } catch (error) {
    if (workshop.signal.aborted || isOfStorage(error)) throw error
    throw new Unreadable('The image cannot be decoded.', { cause: error })
  }
}

// What the library of images finds has no code; a full disk and a storage that is away have one.
const isOfStorage = (error: unknown) => typeof error === 'object' && error !== null && 'code' in error
