import type { Services } from '../context.ts'
import type { Task } from '../platform/jobs/job-runner.ts'
import { withTransaction } from '../transaction.ts'
import { removeUnreferencedMedia } from './release.ts'
import { type MediaRow, mediaColumns } from './store.ts'

/** Removes what lies in the store of a media and nobody gets: all of one that has gone, drafts and the upload of others. */
export function removeMediaBytes({ sql, media: { storage } }: Services): Task {
  return {
    async run(payload) {
      const { mediaId } = payload as { mediaId: string }
      const [media] = await sql.query<MediaRow>(`select ${mediaColumns} from media d where d.id = $1`, [
        mediaId,
      ])
      // What is being worked on is tidied once that is over.
      if (media?.status === 'UPLOADING' || media?.status === 'PROCESSING') return
      await storage.remove(mediaId, media?.status === 'READY' ? keysOf(media) : [])
    },
  }
}

const keysOf = ({ objectKey, variants }: MediaRow) =>
  [objectKey, ...variants.map(({ key }) => key)].filter((key) => key !== null)

/** Looks a day later whether an upload came to be of use, and removes it if not. */
export function collectUnusedMedia(services: Services): Task {
  return {
    async run(payload) {
      const { mediaId } = payload as { mediaId: string }
      await withTransaction(services, (tx) => removeUnreferencedMedia(tx.sql, [mediaId]))
    },
  }
}
