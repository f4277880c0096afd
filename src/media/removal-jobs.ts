import type { Services } from '../context.ts'
import type { Task } from '../platform/jobs/job-runner.ts'
import { withTransaction } from '../transaction.ts'
import { removeUnreferencedMedia } from './release.ts'
import { type MediaRow, mediaColumns } from './store.ts'

/** Removes stored bytes that are not served: everything of a deleted media item, the drafts and the upload of others. */
export function removeMediaBytes({ sql, media: { storage } }: Services): Task {
  return {
    async run(payload) {
      const { mediaId } = payload as { mediaId: string }
      const [media] = await sql.query<MediaRow>(`select ${mediaColumns} from media d where d.id = $1`, [
        mediaId,
      ])
      // An upload in progress is tidied up by a job at its end.
      if (media?.status === 'UPLOADING' || media?.status === 'PROCESSING') return
      await storage.remove(mediaId, media?.status === 'READY' ? keysOf(media) : [])
    },
  }
}

const keysOf = ({ objectKey, variants }: MediaRow) =>
  [objectKey, ...variants.map(({ key }) => key)].filter((key) => key !== null)

/** Deletes an upload that nothing references when its time is over, by default a day after its start. */
export function collectUnusedMedia(services: Services): Task {
  return {
    async run(payload) {
      const { mediaId } = payload as { mediaId: string }
      await withTransaction(services, (tx) => removeUnreferencedMedia(tx.sql, [mediaId]))
    },
  }
}
